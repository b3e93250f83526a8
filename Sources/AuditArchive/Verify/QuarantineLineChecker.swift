import CivilTime
import JSONText

/// Checks the lines of a quarantine file: `{"reason": …, "received_at": …, "record": …}`, and `"raw_base64": …` where what
/// came is no JSON and the record is null.
struct QuarantineLineChecker {
    private let path: String

    /// What is wrong with the lines.
    private(set) var faults = FaultList()

    /// Before the first line of the file at `path`.
    init(path: String) {
        self.path = path
    }

    /// Checks the next line, given without its end.
    mutating func check(_ number: Int, _ line: RawSpan) {
        do {
            let missing = try Self.missingKey(in: line)
            if let missing { faults.add(.quarantineRecord, path, line: number, "has no readable `\(missing)`") }
        } catch {
            faults.add(.notJSON, path, line: number, "is not a JSON object: \(error)")
        }
    }

    private static func missingKey(in line: RawSpan) throws(JSONTextError) -> String? {
        var reader = JSONReader(line.withUnsafeBytes { Array($0) })
        var missing: Set = ["reason", "received_at", "record"]
        var isMalformed = false
        try reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "reason":
                isMalformed = try reader.readString() == QuarantineBatch.Reason.notJSON.rawValue
                if isMalformed { missing.insert("raw_base64") }
            case "raw_base64": guard Base64Text.isValid(try reader.readString()) else { return }
            case "record" where isMalformed: guard try reader.readNull() else { return try reader.skipValue() }
            case "received_at": guard Timestamp(rfc3339: try reader.readString()) != nil else { return }
            default: try reader.skipValue()
            }
            missing.remove(key)
        }
        try reader.finish()
        return missing.min()
    }
}
