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

    /// Files, and folders of dates, that the old manifest, the last commit's notes or an unfinished commit name but that
    /// are gone or other than they say, sorted; their times are to be fetched again.
    package var lost: [String] = []

    /// Lines that held an event which was there already, and were taken out.
    package var duplicates = 0

    /// What a person should know of the file system.
    package var warnings: [String] = []

    /// Whether it was done, but something that the archive had is gone, or nothing tells what it had.
    package var isIncomplete: Bool { manifest != nil && (source == .events || !lost.isEmpty) }

    /// Everything that must be put right first, sorted; nothing was changed if there is any.
    package var faults: [ArchiveFault] = []

    /// A report of nothing done yet.
    package init() {}
}
