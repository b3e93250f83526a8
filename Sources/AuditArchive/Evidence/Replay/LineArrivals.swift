package import CivilTime

/// Which commit brought each line of an archive's files, whatever was merged, erased or made anew since.
package struct LineArrivals: Sendable {
    /// Lines in a row that came together.
    package struct Run: Sendable, Equatable {
        /// How many.
        package var count: Int
        /// The commit that brought them.
        package var generation: Int
        /// When that was; `nil` for what was there before the log.
        package var at: Timestamp?

        /// Describes them.
        package init(count: Int, generation: Int, at: Timestamp?) {
            self.count = count
            self.generation = generation
            self.at = at
        }
    }

    private let replay: EvidenceReplay

    /// What the log says.
    init(_ replay: EvidenceReplay) { self.replay = replay }

    /// Reads the log of an archive; `nil` where there is none, or none that fits the manifest.
    package init?(_ manifest: Manifest, _ layout: ArchiveLayout, _ fileSystem: any FileSystem) {
        guard let head = manifest.evidence else { return nil }
        var replay = EvidenceReplay()
        var isWhole = true
        let reading = try? EvidenceLog(ArchiveDirectory(layout, fileSystem)).read(upTo: head) { line in
            guard isWhole else { return }
            isWhole = (try? replay.apply(line)) != nil
        }
        guard isWhole, let reading, reading.fault == nil else { return nil }
        self.init(replay)
    }

    /// Where the lines of a file came from, in their order; `nil` for a file of which the log has another number of lines,
    /// or none.
    package func runs(of file: DataFile) -> [Run]? {
        guard let origins = replay.files[.data(file.name)], origins.count == file.records else { return nil }
        return origins.runs.map { run in
            let addition = replay.additions[run.addition]
            // Where nothing happened to a file since it was taken in, the manifest may know more.
            let time = addition.archivedAt ?? (addition.file == .data(file.name) ? file.archivedAt : nil)
            return Run(count: run.count, generation: addition.generation, at: time)
        }
    }
}
