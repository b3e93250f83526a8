/// What a rebuild of the manifest did, or why it did nothing.
package struct RebuildReport: Sendable {
    /// Where what the data files cannot tell came from.
    package enum Source: String, Sendable {
        /// The manifest that was there.
        case manifest
        /// What the last commit left in the private folder.
        case hint
        /// The events themselves: the first one is the start, and all up to the newest is to be walked again.
        case events
    }

    /// The manifest now; `nil` if it was not rebuilt.
    package var manifest: Manifest?

    /// Where its start and what is left to fetch came from.
    package var source = Source.events

    /// Files that the old manifest names but that are gone or other than it says, sorted; their times are to be fetched
    /// again.
    package var lost: [String] = []

    /// Everything that must be put right first, sorted; nothing was changed if there is any.
    package var faults: [ArchiveFault] = []

    /// A report of nothing done yet.
    package init() {}
}
