import CivilTime
import SystemPackage

/// The files of the log, in the order of their dates.
struct EvidenceLog {
    /// A line of the log.
    struct Line {
        /// Its place in the log, from 0.
        var index: Int
        /// The date whose file it is in.
        var day: CalendarDay
        /// Its number in that file, from 1.
        var number: Int
        /// The line without its end.
        var bytes: ArraySlice<UInt8>

        /// Its file, relative to the archive.
        var path: String { EvidenceLog.path(of: day) }
    }

    /// What reading the log up to a head has shown.
    struct Reading {
        /// The tree of the lines that were read.
        var edge = TreeEdge()
        /// The roots that the tree had with as many entries as was asked for.
        var roots: [Int: TreeHash] = [:]
        /// The newest file, up to the length that the head names.
        var newest: [UInt8] = []
        /// Why the log is not that of the head, if so.
        var fault: ArchiveFault?
    }

    let archive: ArchiveDirectory
    private var layout: ArchiveLayout { archive.layout }

    init(_ archive: ArchiveDirectory) {
        self.archive = archive
    }

    /// The file of a date, relative to the archive.
    static func path(of day: CalendarDay) -> String {
        "\(ArchiveLayout.logDirectoryPath)/\(EvidenceHead.fileName(of: day))"
    }

    /// The dates that have files, sorted.
    func days() throws(ArchiveError) -> [CalendarDay] {
        guard try archive.kind(of: layout.logDirectory) == .directory else { return [] }
        return try archive.names(in: layout.logDirectory).compactMap(EvidenceHead.day(ofFile:)).sorted()
    }

    /// The head that the whole lines of the files make; `nil` without any. What no LF ends is no entry.
    func head() throws(ArchiveError) -> EvidenceHead? {
        guard let day = try days().last, let bytes = try archive.contents(ofFile: layout.absolute(Self.path(of: day)))
        else { return nil }
        let length = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        var head = EvidenceHead(entries: 0, root: .empty, day: day, length: length)
        let reading = try read(upTo: head) { _ in }
        (head.entries, head.root) = (reading.edge.count, reading.edge.root)
        return head
    }

    /// Whether the log as it stands begins with all that a head is of. Hands over its lines, these and what is behind them.
    func has(_ checkpoint: Checkpoint, _ body: (Line) -> Void) throws(ArchiveError) -> Bool {
        guard let head = try head(), head.entries >= checkpoint.entries else { return false }
        return try read(upTo: head, marks: [checkpoint.entries], body).roots[checkpoint.entries] == checkpoint.root
    }

    /// Reads all lines up to a head, whatever else the files hold behind it, and compares them with it.
    ///
    /// - Parameter marks: the counts of entries whose roots are wanted.
    /// - Throws: where a file cannot be read. What is missing or other than it should be is a fault.
    func read(
        upTo head: EvidenceHead, marks: Set<Int> = [], _ body: (Line) -> Void
    ) throws(ArchiveError) -> Reading {
        var reading = Reading()
        if marks.contains(0) { reading.roots[0] = .empty }
        let days = try days().filter { $0 <= head.day }
        for day in days {
            guard var bytes = try archive.contents(ofFile: layout.absolute(Self.path(of: day))) else { continue }
            if day == head.day, let fault = Self.cut(&bytes, to: head) {
                reading.fault = fault
                return reading
            }
            reading.take(bytes, of: day, marks, body)
            if day == head.day { reading.newest = bytes }
        }
        reading.fault = days.last == head.day ? Self.fault(reading.edge, head) : Self.missing(head)
        return reading
    }

    /// What is behind the length that the head names belongs to a commit that it does not know of.
    private static func cut(_ bytes: inout [UInt8], to head: EvidenceHead) -> ArchiveFault? {
        guard bytes.count >= head.length else {
            return ArchiveFault(
                .historyCut, path(of: head.day), "has \(bytes.count) bytes, the manifest says \(head.length)")
        }
        bytes.removeLast(bytes.count - head.length)
        return nil
    }

    private static func missing(_ head: EvidenceHead) -> ArchiveFault {
        ArchiveFault(.historyCut, path(of: head.day), "is the newest file of the log, and is not there")
    }

    private static func fault(_ edge: TreeEdge, _ head: EvidenceHead) -> ArchiveFault? {
        guard edge.count >= head.entries else {
            return ArchiveFault(
                .historyCut, ArchiveLayout.logDirectoryPath,
                "the log has \(edge.count) entries, the manifest says \(head.entries)")
        }
        guard edge.count == head.entries, edge.root == head.root else {
            return ArchiveFault(
                .historyRewritten, ArchiveLayout.logDirectoryPath,
                "the log's \(edge.count) entries have the root \(edge.root.hexadecimal), the manifest says "
                    + "\(head.root.hexadecimal) of \(head.entries)")
        }
        return nil
    }
}

extension EvidenceLog.Reading {
    fileprivate mutating func take(
        _ bytes: [UInt8], of day: CalendarDay, _ marks: Set<Int>, _ body: (EvidenceLog.Line) -> Void
    ) {
        var number = 0
        // Also what no LF ends: it is part of the file, and whatever it is, the root will not fit.
        var start = 0
        while start < bytes.count {
            let line = bytes[start..<bytes.span.bytes.end(ofLineAt: start)]
            start = line.endIndex + 1
            number += 1
            body(EvidenceLog.Line(index: edge.count, day: day, number: number, bytes: line))
            edge.append(line: line.span.bytes)
            if marks.contains(edge.count) { roots[edge.count] = edge.root }
        }
    }
}
