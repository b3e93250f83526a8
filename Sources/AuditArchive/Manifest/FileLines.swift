import CivilTime
import Crypto

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

    /// The hash of the text up to the end of the list.
    private(set) var hash = SHA256()

    /// What stands behind the list.
    var tail: ArraySlice<UInt8> { rest[(place + 2)...] }

    private static let opening: StaticString = "  \"files\": [\n"
    /// No line is longer.
    private static let longestLine = 1_024

    /// Finds and reads the list; `nil` where anything about it is in another form.
    init?(_ bytes: [UInt8]) {
        var isRead = false
        self.init { buffer in
            if !isRead { buffer += bytes }
            defer { isRead = true }
            return isRead ? 0 : bytes.count
        }
    }

    /// The same of a text that comes in pieces, of which only what is not the list is kept. `more` appends a piece to what
    /// it is given, and returns its length: 0 at the end.
    init?<Failure: Error>(_ more: (inout [UInt8]) throws(Failure) -> Int) throws(Failure) {
        var buffer: [UInt8] = []
        var found: Int?
        var searched = 0
        while found == nil {
            guard try more(&buffer) > 0 else { return nil }
            (found, searched) = Self.start(in: buffer.span.bytes, from: searched)
        }
        guard var line = found else { return nil }
        place = line - 2
        rest = Array(buffer[..<place])
        files.reserveCapacity(Self.count(in: rest.span.bytes))
        var isLast = false
        var day = FileLine.Day()
        while !isLast {
            if buffer.count - line < Self.longestLine {
                hash.update(buffer[..<line])
                buffer.removeFirst(line)
                line = 0
                while buffer.count < Self.longestLine, try more(&buffer) > 0 {}
            }
            guard let (file, end, last) = FileLine.read(at: line, in: buffer.span.bytes, &day) else { return nil }
            files.append(file)
            (line, isLast) = (end, last)
        }
        guard buffer.span.bytes.holds("  ]", at: line) else { return nil }
        hash.update(buffer[..<(line + 3)])
        rest += [UInt8(ascii: "["), UInt8(ascii: "]")]
        rest += buffer[(line + 3)...]
        while try more(&rest) > 0 {}
    }

    /// How many files the totals speak of, so that their list need not grow again and again; 0 where nothing tells.
    private static func count(in head: RawSpan) -> Int {
        let totals: StaticString = "  \"totals\": {\"files\": "
        var line = 0
        while line < head.byteCount, !head.holds(totals, at: line) { line = head.end(ofLineAt: line) + 1 }
        var (offset, count) = (line + totals.utf8CodeUnitCount, 0)
        while (48...57).contains(head.octet(at: offset)), count < 1 << 20 {
            count = count * 10 + Int(head.octet(at: offset) - 48)
            offset += 1
        }
        return min(count, 1 << 20)
    }

    /// Where the first line begins; and where a search goes on once there is more text.
    private static func start(in text: RawSpan, from line: Int) -> (start: Int?, searched: Int) {
        var line = line
        while true {
            if text.holds(opening, at: line) { return (line + opening.utf8CodeUnitCount, line) }
            let end = text.end(ofLineAt: line)
            // This line may be it, once it is whole.
            guard end < text.byteCount else { return (nil, line) }
            line = end + 1
        }
    }
}

extension SHA256 {
    fileprivate mutating func update(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { update(bufferPointer: $0) }
    }
}

/// One line of the list, and a place in it that moves forward.
private struct FileLine {
    /// The date that was read last: of many lines in a row, and of most times in them, it is the same.
    struct Day {
        private var text: (UInt64, UInt16) = (0, 0)
        private var date = CalendarDay.first

        /// The date that the ten bytes at `offset` are.
        mutating func read(at offset: Int, in span: RawSpan) -> CalendarDay? {
            guard offset + 10 <= span.byteCount else { return nil }
            let next = (
                span.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self),
                span.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt16.self)
            )
            if next == text { return date }
            guard let date = CalendarDay(span.extracting(offset..<offset + 10)) else { return nil }
            (text, self.date) = (next, date)
            return date
        }
    }

    private var offset: Int
    private var day: Day

    /// The file, where the next line begins, and whether this one is the last; `nil` for any other form.
    static func read(
        at start: Int, in text: RawSpan, _ day: inout Day
    ) -> (file: DataFile, end: Int, isLast: Bool)? {
        var line = FileLine(offset: start, day: day)
        defer { day = line.day }
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
        guard take("    {\"path\": \"audit_logs/date=", in: text) else { return nil }
        let day = offset..<offset + 10
        guard let date = self.day.read(at: offset, in: text) else { return nil }
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

    @inline(__always)
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
        guard offset + 27 <= text.byteCount, let date = day.read(at: offset, in: text) else { return nil }
        let time = Timestamp(date, time: text.extracting((offset + 10)..<offset + 27))
        offset += 27
        return time
    }

    private mutating func sha256(in text: RawSpan) -> TreeHash? {
        let sum = TreeHash(hexadecimalAt: offset, in: text)
        offset += 2 * TreeHash.byteCount
        return sum
    }
}
