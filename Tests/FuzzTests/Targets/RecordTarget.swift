import AuditRecords
import JSONTestSupport
import JSONText

extension FuzzTarget {
    /// A line of a data file.
    static let record = FuzzTarget("record", tokens: pageTokens + jsonTokens, judge: RecordJudge.judge)
}

private enum RecordJudge {
    static func judge(_ bytes: [UInt8]) -> FuzzOutcome {
        if let complaint = JSONJudge.disagreement(about: bytes) { return .violated(complaint) }
        return withGuardedBytes(bytes) { text in
            let fault = JSONJudge.fault(text)
            guard readerFault(bytes) == fault else { return .violated("JSONReader and the grammar disagree") }
            do throws(JSONTextError) {
                let record = try RecordScan(line: text)
                guard fault == nil else { return .violated("RecordScan accepts what the grammar refuses") }
                return verdict(on: record, in: text, bytes)
            } catch {
                guard error == fault else { return .violated("RecordScan and the grammar name different faults") }
                let complaint = JSONJudge.compactionFault(text, 0..<bytes.count, isValid: false)
                return complaint.map { .violated($0) } ?? .refused(kind: error.kind)
            }
        }
    }

    private static func readerFault(_ bytes: [UInt8]) -> JSONTextError? {
        do {
            var reader = JSONReader(bytes)
            try reader.skipValue()
            try reader.finish()
            return nil
        } catch {
            return error
        }
    }

    private static func verdict(on record: RecordScan, in text: RawSpan, _ bytes: [UInt8]) -> FuzzOutcome {
        if let complaint = JSONJudge.compactionFault(text, record.range, isValid: true) { return .violated(complaint) }
        let strings = [record.id, record.createdAt, record.organizationID, record.organizationName]
        for string in strings.compactMap({ $0 }) where !survivesQuoting(string.string(in: text)) {
            return .violated("a string does not survive quoting")
        }
        let isSame = !JSONJudge.isShallow(text) || agrees(record, bytes)
        guard isSame else { return .violated("not what the reference says") }
        let found = strings.map { $0.map { $0.hasEscapes ? "e" : "s" } ?? "-" }.joined()
        return .accepted(kind: "object \(record.isObject), compact \(record.insignificantBytes == 0), \(found)")
    }

    private static func agrees(_ record: RecordScan, _ bytes: [UInt8]) -> Bool {
        RecordReference.disagreement(of: record, with: ReferenceJSON(bytes), in: bytes) == nil
    }

    private static func survivesQuoting(_ string: String) -> Bool {
        let quoted = Array(JSONOutput.quoted(string).utf8)
        var reader = JSONReader(quoted)
        let again = try? reader.readString()
        return again.map { Array($0.utf8) == Array(string.utf8) } == true && reader.offset == quoted.count
    }
}
