package import CivilTime

/// The name of a data file: table, date, generation and part.
///
/// A path is taken only in exactly the form that is written, so a manifest cannot point outside the archive.
package struct DataFileName: Hashable, Sendable, Comparable {
    /// The partition.
    package var date: CalendarDay

    /// The commit that published the file.
    package var generation: Int

    /// Counts the files of one date in one commit, from 0.
    var part: Int

    /// The folder of a partition, relative to the archive.
    package static func directory(of date: CalendarDay) -> String {
        "\(ArchiveLayout.dataDirectoryName)/date=\(date)"
    }

    /// The file's own name, without folders.
    var fileName: String {
        var text: [UInt8] = []
        appendFileName(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The path relative to the archive, as the manifest has it.
    package var path: String { "\(Self.directory(of: date))/\(fileName)" }

    /// Appends ``fileName`` to a text.
    func appendFileName(to text: inout [UInt8]) {
        text += "audit_logs-".utf8
        date.append(to: &text)
        text.append(UInt8(ascii: "-"))
        text.append(generation, width: 6)
        text.append(UInt8(ascii: "-"))
        text.append(part, width: 2)
        text += ".ndjson.gz".utf8
    }

    /// By date, then path: numbers that outgrow their padding sort as text does.
    package static func < (one: DataFileName, other: DataFileName) -> Bool {
        if one.date != other.date { return one.date < other.date }
        if one.generation != other.generation { return precedes(one.generation, other.generation, width: 6) }
        return precedes(one.part, other.part, width: 2)
    }
}

extension DataFileName {
    /// Reads a path relative to the archive; `nil` unless it is exactly what ``path`` would give.
    init?(path: String) {
        let text = path.utf8.span.bytes
        guard text.holds("audit_logs/date=", at: 0), text.holds("/audit_logs-", at: 26),
            text.byteCount >= 48, text.holdsEqualBytes(16..<26, at: 38),
            let date = String(path.utf8.dropFirst(16).prefix(10)).flatMap(CalendarDay.init(_:)),
            let (generation, next) = text.paddedNumber(at: 48, width: 6),
            let (part, end) = text.paddedNumber(at: next, width: 2),
            text.holds(".ndjson.gz", at: end), text.byteCount == end + 10
        else { return nil }
        self.init(date: date, generation: generation, part: part)
    }
}

/// The name of a file of quarantined records: generation and part.
package struct QuarantineFileName: Hashable, Sendable {
    /// The commit that published the file.
    package var generation: Int

    /// Counts the files of one commit, from 0.
    var part: Int

    /// The file's own name, without folders.
    var fileName: String { "quarantine-\(padded(generation, to: 6))-\(padded(part, to: 2)).ndjson.gz" }

    /// The path relative to the archive.
    package var path: String { "\(ArchiveLayout.quarantineDirectoryName)/\(fileName)" }
}

extension QuarantineFileName {
    /// Reads a path relative to the archive; `nil` unless it is exactly what ``path`` would give.
    init?(path: String) {
        let prefix = "\(ArchiveLayout.quarantineDirectoryName)/quarantine"
        guard path.hasPrefix(prefix), path.hasSuffix(".ndjson.gz"),
            let numbers = NumberPair(path.dropFirst(prefix.count).dropLast(10))
        else { return nil }
        self.init(generation: numbers.generation, part: numbers.part)
        guard self.path == path else { return nil }
    }
}

/// `-000042-00`, the end that both kinds of name share.
private struct NumberPair {
    let generation: Int
    let part: Int

    init?(_ text: Substring) {
        let fields = text.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0].isEmpty, let generation = Int(fields[1]), let part = Int(fields[2]),
            max(generation, part) <= Manifest.largestNumber
        else { return nil }
        self.generation = generation
        self.part = part
    }
}

private func precedes(_ one: Int, _ other: Int, width: Int) -> Bool {
    // Mostly neither outgrows its padding.
    if max(one, other) < (width == 6 ? 1_000_000 : 100) { return one < other }
    return padded(one, to: width).count == padded(other, to: width).count
        ? one < other : padded(one, to: width) < padded(other, to: width)
}

private func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
