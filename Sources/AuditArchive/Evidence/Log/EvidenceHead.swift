package import CivilTime
import JSONText

/// The head of the log, as a manifest names it: how many entries it has, their root, and how long the newest file is.
package struct EvidenceHead: Equatable, Sendable {
    /// Entries in all files.
    package var entries: Int

    /// The root over them.
    package var root: TreeHash

    /// The date of the newest file.
    package var day: CalendarDay

    /// Bytes of the newest file.
    package var length: Int

    /// The name of the newest file.
    var fileName: String { Self.fileName(of: day) }

    private static let suffix = ".ndjson"

    /// The name of the file of a date.
    static func fileName(of day: CalendarDay) -> String { "\(day)\(suffix)" }

    /// The date that a file's name says; `nil` for any other name.
    static func day(ofFile name: String) -> CalendarDay? {
        name.hasSuffix(suffix) ? CalendarDay(String(name.dropLast(suffix.count))) : nil
    }

    /// Describes a head.
    package init(entries: Int, root: TreeHash, day: CalendarDay, length: Int) {
        self.entries = entries
        self.root = root
        self.day = day
        self.length = length
    }

    /// Reads the manifest's member.
    init(_ members: EvidenceMembers) throws(OperationError) {
        let log = try members.value("log", \.list)
        guard log.count == 2, let day = log[0].text.flatMap(Self.day(ofFile:)), let length = log[1].number else {
            throw OperationError(reason: "has no readable `log`")
        }
        self.init(entries: try members.number("entries"), root: try members.hash("root"), day: day, length: length)
    }

    /// The value of the manifest's member.
    var encoded: String {
        "{\"entries\": \(entries), \"root\": \"\(root.hexadecimal)\", \"log\": [\"\(fileName)\", \(length)]}"
    }
}
