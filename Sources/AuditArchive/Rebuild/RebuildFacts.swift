import JSONText

/// What the data files cannot tell, from the best witness there is.
struct RebuildFacts {
    /// Which witness it is.
    var source: RebuildReport.Source
    /// Events before this are not wanted.
    var startTimestamp: Timestamp
    /// Event times that are still to be walked.
    var pending: TimeRanges
    /// Whose events these are, where no event tells.
    var organization: ArchiveOrganization?
    /// The newest generation that any witness knows of.
    var generation: Int

    /// Decides; `nil` if there is neither a witness nor an event.
    ///
    /// - The manifest that is there counts wherever it can be read.
    /// - A hint of an older commit than the newest file may have missed a gap that came to be fetched.
    /// - Without either the first event is the start, and what lies between it and the newest has to prove itself anew.
    init?(manifest: Manifest?, hint: ManifestFacts?, files: [DataFile], newestGeneration: Int) {
        let first = files.map(\.firstEventTimestamp).min()
        if let facts = manifest.map(ManifestFacts.init)
            ?? hint.flatMap({ $0.generation >= newestGeneration ? $0 : nil })
        {
            source = manifest == nil ? .hint : .manifest
            startTimestamp = facts.startTimestamp
            pending = facts.pending
            organization = facts.organization
            generation = max(facts.generation, newestGeneration)
        } else if let first, let last = files.map(\.lastEventTimestamp).max() {
            source = .events
            startTimestamp = first
            pending = TimeRanges([TimeRange(from: first, through: last)])
            generation = newestGeneration
        } else {
            return nil
        }
    }
}
