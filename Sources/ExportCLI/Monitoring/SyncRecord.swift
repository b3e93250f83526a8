import AuditArchive
import AuditSync
import CivilTime
import Logging

/// What a sync that holds the lock leaves for those who watch it, whatever becomes of it.
struct SyncRecord: Sendable {
    private let layout: ArchiveLayout
    private let fileSystem: any FileSystem
    private let hold: ArchiveHold
    private let begin: Timestamp

    /// The record of a sync that begins at `begin`.
    init(_ layout: ArchiveLayout, fileSystem: any FileSystem, hold: ArchiveHold, begin: Timestamp) {
        self.layout = layout
        self.fileSystem = fileSystem
        self.hold = hold
        self.begin = begin
    }

    /// Writes down how the sync ended.
    ///
    /// - Parameters:
    ///   - manifest: what is in the archive now; nil where that is not known.
    ///   - report: gets a warning where nothing could be written about a sync that has failed anyhow.
    /// - Returns: why the sync failed: a success that cannot be written down is none.
    func finish(
        _ report: inout SyncReport, _ failure: Failure?, _ manifest: Manifest?, at end: Timestamp
    ) -> Failure? {
        let run = Freshness.Run(
            command: "sync", startedAt: begin, endedAt: end, outcome: report.outcome.rawValue,
            exitCode: Int((failure?.status ?? .done).rawValue), events: report.events)
        var failure = failure
        do {
            _ = try hold.record(run, manifest)
        } catch {
            if failure == nil {
                failure = Failure(error)
                report.outcome = .failed
            } else {
                report.warnings.append("freshness.json could not be written: \(error.summary) (\(error.path))")
            }
        }
        if let failure, failure.status != .stopped {
            LastFailureFile(layout, fileSystem).save(LastFailure(failure, at: end))
        }
        return failure
    }
}

/// When a failure need not be said.
enum Silence {
    /// A run that stopped early is nothing to hear of while the last success is younger.
    private static let longest = Duration.seconds(86_400)

    /// Whether nobody has to hear of a failure. The next run goes on after one that stopped early.
    static func covers(_ failure: Failure, lastSuccess: Timestamp?, now: Timestamp) -> Bool {
        guard failure.status == .stopped, let lastSuccess else { return false }
        let age = now - lastSuccess
        return age >= .zero && age < longest
    }
}
