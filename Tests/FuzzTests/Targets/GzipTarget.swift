import Gzip

extension FuzzTarget {
    /// A data file's gzip member.
    static let gzip = FuzzTarget(
        "gzip",
        tokens: [
            "\u{1F}", "\u{3}\u{0}", "\u{1}\u{0}\u{0}", "\u{4}", "\u{8}", "\u{10}", "\u{2}", "name\u{0}", "a", "\n"
        ],
        repair: GzipReference.repaired, judge: GzipJudge.judge)
}

private enum GzipJudge {
    static func judge(_ bytes: [UInt8]) -> FuzzOutcome {
        let whole = Reading(bytes, pieceSize: max(1, bytes.count))
        for size in [1, 7, 4096] where Reading(bytes, pieceSize: size) != whole {
            return .violated("pieces of \(size) read otherwise")
        }
        if let complaint = whole.complaint { return .violated(complaint) }
        let expected = GzipReference.content(bytes)
        switch whole.error {
        case nil:
            guard whole.output == expected else { return .violated("not what the reference inflates") }
            return .accepted(
                kind: "2^\(Int.bitWidth - whole.output.count.leadingZeroBitCount) bytes, flags \(bytes[3])")
        case let error?:
            guard expected == nil else { return .violated("refuses what the reference reads") }
            return .refused(kind: "\(error)")
        }
    }
}

/// One reading of a file in pieces, the last of which ends where readable memory ends.
private struct Reading: Equatable {
    private(set) var error: GzipError?
    private(set) var complaint: String?
    /// What was inflated; empty after an error, when it must not be trusted.
    private(set) var output: [UInt8] = []

    init(_ bytes: [UInt8], pieceSize: Int) {
        self = withGuardedBytes(bytes) { Reading($0, pieceSize: pieceSize) }
    }

    private init(_ file: RawSpan, pieceSize: Int) {
        do throws(GzipError) {
            var reader = try GzipReader()
            for start in stride(from: 0, to: file.byteCount, by: pieceSize) {
                let end = min(file.byteCount, start + pieceSize)
                try reader.inflate(file.extracting(start..<end), into: &output)
                noteGrowth(end)
            }
            try reader.finish()
        } catch {
            self.error = error
            output = []
        }
    }

    /// Memory may not grow beyond what the input so far can stand for, and the room that arrays double to.
    private mutating func noteGrowth(_ consumed: Int) {
        let isTooMuch = output.count > GzipReference.mostOutput(of: consumed)
        if isTooMuch || output.capacity > 4 * (output.count + 4 * consumed + 8192) {
            complaint = "memory grows beyond what the input can stand for"
        }
    }
}
