package import CivilTime

/// What the evidence tells of an archive that was verified: where its lines came from, what was erased, which heads are kept.
package struct EvidenceReview: Sendable {
    /// A file that came into the archive.
    package struct Arrival: Sendable, Equatable {
        /// When.
        package var at: Timestamp
        /// What came, and where from.
        package var file: AddedFile
    }

    /// Events that were erased.
    package struct Erased: Sendable, Equatable {
        /// When.
        package var at: Timestamp
        /// The date that they were of.
        package var date: CalendarDay
        /// How many.
        package var events: Int
        /// Why.
        package var reason: String
    }

    /// When each line came.
    package let arrivals: LineArrivals
    /// When the log was begun.
    package private(set) var beganAt: Timestamp?
    /// The files that came, in order, whatever became of them.
    package private(set) var added: [Arrival] = []
    /// What was erased and stays away, in order.
    package private(set) var erased: [Erased] = []
    /// The heads that are kept in the archive, oldest first.
    package private(set) var anchors: [EvidenceAnchor]
    /// The newest signed head; `nil` where none was signed.
    package let checkpoint: Checkpoint?

    /// Reads the evidence of an archive; `nil` where no commit has written any yet.
    ///
    /// - Throws: `ArchiveError` of the kind `damaged` where it is not that of the manifest, and `locked` where a commit is
    ///   about to replace the manifest.
    package init?(
        _ manifest: Manifest, _ layout: ArchiveLayout, _ fileSystem: any FileSystem
    ) throws(ArchiveError) {
        guard let head = manifest.evidence else { return nil }
        let archive = ArchiveDirectory(layout, fileSystem)
        anchors = try EvidenceAnchors(layout, fileSystem: fileSystem).kept().filter { $0.entries <= head.entries }
        checkpoint = try archive.contents(ofFile: layout.checkpoint).flatMap { Checkpoint(decoding: $0) }
        var replay = EvidenceReplay()
        var notes = Notes()
        var fault: String?
        let reading = try EvidenceLog(archive).read(upTo: head) { line in
            guard fault == nil else { return }
            do throws(OperationError) {
                let entry = try EvidenceEntry(line: line.bytes)
                try replay.apply(entry, index: line.index)
                notes.take(entry)
            } catch {
                fault = "line \(line.number) of \(line.path) \(error.reason)"
            }
        }
        if let fault = fault ?? reading.fault?.description {
            throw .changedLog("The evidence log cannot be relied on: \(fault)", at: layout.logDirectory)
        }
        if let checkpoint, checkpoint.entries > head.entries {
            throw .unfinishedCommit(at: layout.checkpoint, hint: "Try again in a moment.")
        }
        arrivals = LineArrivals(replay)
        (beganAt, added, erased) = (notes.times.first, notes.added, notes.erased)
        for index in anchors.indices where anchors[index].entries > 0 {
            anchors[index].madeAt = notes.times[anchors[index].entries - 1]
        }
    }

    /// What is taken down entry by entry.
    private struct Notes {
        var times: [Timestamp] = []
        var added: [Arrival] = []
        var erased: [Erased] = []

        mutating func take(_ entry: EvidenceEntry) {
            times.append(entry.at)
            switch entry.operation {
            case .add(let file): added.append(Arrival(at: entry.at, file: file))
            case .erase(let lines) where !lines.isDuplicate:
                let dates = Dictionary(grouping: lines.leaves.compactMap { $0.file.data?.date }) { $0 }
                for (date, events) in dates.sorted(by: { $0.key < $1.key }) {
                    erased.append(Erased(at: entry.at, date: date, events: events.count, reason: lines.reason))
                }
            default: break
            }
        }
    }
}
