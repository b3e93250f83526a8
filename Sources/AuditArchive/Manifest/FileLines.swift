import CivilTime

/// The list `files` of a manifest in exactly the form that the encoder writes, read line by line without the general
/// reader: the many thousands of a large archive would cost a quiet sync more than everything else it does.
struct FileLines {
    /// The files that the lines name.
    private(set) var files: [DataFile] = []

    /// The text with an empty list in the place of the lines.
    private(set) var rest: [UInt8] = []

    /// Where in ``rest`` that list begins. Whoever reads it there as the manifest's own member knows that these are its
    /// files.
    private(set) var place = 0

    private static let opening: StaticString = "  \"files\": [\n"

    /// Finds and reads the list; `nil` where anything about it is in another form.
    init?(_ bytes: [UInt8]) {
        let text = bytes.span.bytes
        guard var line = Self.start(in: text) else { return nil }
        place = line - 2
        var isLast = false
        while !isLast {
            guard let (file, end, last) = FileLine.read(at: line, in: text) else { return nil }
            files.append(file)
            (line, isLast) = (end, last)
        }
        guard text.holds("  ]", at: line) else { return nil }
        rest = bytes[..<place] + [UInt8(ascii: "["), UInt8(ascii: "]")] + bytes[(line + 3)...]
    }

    /// Where the first line begins.
    private static func start(in text: RawSpan) -> Int? {
        var line = 0
        while line < text.byteCount {
            if text.holds(opening, at: line) { return line + opening.utf8CodeUnitCount }
            while line < text.byteCount, text.octet(at: line) != UInt8(ascii: "\n") { line += 1 }
            line += 1
        }
        return nil
    }
}

/// One line of the list, and a place in it that moves forward.
private struct FileLine {
    private var offset: Int

    /// The file, where the next line begins, and whether this one is the last; `nil` for any other form.
    static func read(at start: Int, in text: RawSpan) -> (file: DataFile, end: Int, isLast: Bool)? {
        var line = FileLine(offset: start)
        guard let file = line.file(in: text) else { return nil }
        let isLast = !line.take(",", in: text)
        guard line.take("\n", in: text) else { return nil }
        return (file, line.offset, isLast)
    }

    private mutating func file(in text: RawSpan) -> DataFile? {
        guard let name = name(in: text), take(", \"sha256\": \"", in: text), let sha256 = sha256(in: text),
            take("\", \"size\": ", in: text), let size = number(in: text),
            take(", \"uncompressed_size\": ", in: text), let uncompressedSize = number(in: text),
            take(", \"records\": ", in: text), let records = number(in: text),
            take(", \"first_event_timestamp\": \"", in: text), let first = timestamp(in: text),
            take("\", \"last_event_timestamp\": \"", in: text), let last = timestamp(in: text), take("\"", in: text)
        else { return nil }
        var file = DataFile(
            name: name,
            digest: FileDigest(sha256: sha256, size: size, uncompressedSize: uncompressedSize, records: records),
            firstEventTimestamp: first, lastEventTimestamp: last)
        if take(", \"archived_at\": \"", in: text) {
            file.archivedAt = timestamp(in: text)
            guard file.archivedAt != nil, take("\"", in: text) else { return nil }
        }
        if take(", \"replaces\": ", in: text) {
            file.replaces = number(in: text)
            guard file.replaces != nil else { return nil }
        }
        return take("}", in: text) ? file : nil
    }

    /// The path, and the date and the generation that must agree with it.
    private mutating func name(in text: RawSpan) -> DataFileName? {
        guard take("    {\"path\": \"audit_logs/date=", in: text), offset + 10 <= text.byteCount else { return nil }
        let day = offset..<offset + 10
        let digits = text.extracting(day).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        guard let date = CalendarDay(digits) else { return nil }
        offset = day.upperBound
        guard take("/audit_logs-", in: text), takeBytes(day, in: text),
            let (generation, partStart) = text.paddedNumber(at: offset, width: 6),
            let (part, end) = text.paddedNumber(at: partStart, width: 2)
        else { return nil }
        offset = end
        guard take(".ndjson.gz\", \"date\": \"", in: text), takeBytes(day, in: text),
            take("\", \"generation\": ", in: text), number(in: text) == generation
        else { return nil }
        return DataFileName(date: date, generation: generation, part: part)
    }

    private mutating func take(_ literal: StaticString, in text: RawSpan) -> Bool {
        guard text.holds(literal, at: offset) else { return false }
        offset += literal.utf8CodeUnitCount
        return true
    }

    private mutating func takeBytes(_ range: Range<Int>, in text: RawSpan) -> Bool {
        guard offset + range.count <= text.byteCount, text.holdsEqualBytes(range, at: offset) else { return false }
        offset += range.count
        return true
    }

    /// A number from 0 to the largest one, without needless digits.
    private mutating func number(in text: RawSpan) -> Int? {
        let start = offset
        var value = 0
        while offset < text.byteCount, offset - start < 16 {
            let digit = text.octet(at: offset)
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { break }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
            offset += 1
        }
        let isPlain = offset == start + 1 || offset > start + 1 && text.octet(at: start) != UInt8(ascii: "0")
        return isPlain && value <= Manifest.largestNumber ? value : nil
    }

    private mutating func timestamp(in text: RawSpan) -> Timestamp? {
        guard offset + 27 <= text.byteCount else { return nil }
        let time = Timestamp(rfc3339: text.extracting(offset..<offset + 27))
        offset += 27
        return time
    }

    private mutating func sha256(in text: RawSpan) -> String? {
        guard offset + 64 <= text.byteCount else { return nil }
        let sum = text.extracting(offset..<offset + 64).withUnsafeBytes { bytes -> String? in
            guard bytes.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
        offset += 64
        return sum
    }
}
