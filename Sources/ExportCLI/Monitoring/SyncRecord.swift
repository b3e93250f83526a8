import AuditArchive
import AuditSync
import CaptivateIQAPI
import CivilTime
import SystemPackage

/// What a sync that holds the lock tells those who watch it, whatever becomes of it: `freshness.json`, the figures for
/// Prometheus and the watchdog.
struct SyncRecord: Sendable {
    /// How a sync ended, and what else a person should know.
    struct Ending {
        /// What it did.
        var report: SyncReport
        /// Why it failed; a success that cannot be written down is none.
        var failure: Failure?
        /// What could not be told to whom.
        var warnings: [String] = []
    }

    private let layout: ArchiveLayout
    private let fileSystem: any FileSystem
    private let hold: ArchiveHold
    private let metricsFile: FilePath?
    private let ping: Ping?
    private let clock: any TimeSource
    private let begin: Timestamp
    private let start: Task<String?, Never>

    /// The record of a sync that begins now. The watchdog is told while the sync goes on.
    init(
        _ layout: ArchiveLayout, fileSystem: any FileSystem, hold: ArchiveHold, metricsFile: FilePath?, ping: Ping?,
        clock: any TimeSource
    ) {
        self.layout = layout
        self.fileSystem = fileSystem
        self.hold = hold
        self.metricsFile = metricsFile
        self.ping = ping
        self.clock = clock
        begin = clock.now()
        start = Task { await ping?.start() }
    }

    /// Tells everybody how the sync ended.
    ///
    /// - Parameters:
    ///   - manifest: what is in the archive now; nil where that is not known.
    ///   - isSilent: whether a failure is one that nobody has to hear of.
    func finish(
        _ report: SyncReport, _ failure: Failure?, _ manifest: Manifest?, isSilent: (Failure) -> Bool
    ) async -> Ending {
        var ending = Ending(report: report, failure: failure)
        let end = clock.now()
        let freshness = write(&ending, manifest, at: end)
        if let failure = ending.failure, failure.status != .stopped {
            LastFailureFile(layout, fileSystem).save(LastFailure(failure, at: end))
        }
        writeMetrics(&ending, freshness, organization: manifest?.organization?.id ?? "")
        await tellWatchdog(&ending, isSilent: isSilent)
        return ending
    }

    private func write(_ ending: inout Ending, _ manifest: Manifest?, at end: Timestamp) -> Freshness {
        let run = Freshness.Run(
            command: "sync", startedAt: begin, endedAt: end, outcome: ending.report.outcome.rawValue,
            exitCode: ending.exitCode, events: ending.report.events)
        do {
            // The record of a later format is not this program's to replace.
            if ending.failure?.kind != .unknownVersion { return try hold.record(run, manifest) }
        } catch {
            if ending.failure == nil {
                ending.failure = Failure(error)
                ending.report.outcome = .failed
            } else {
                ending.warnings.append("freshness.json could not be written: \(error.summary) (\(error.path))")
            }
        }
        // Nobody has written down that this run was a success.
        let before = FreshnessFile(layout, fileSystem).load()
        var unwritten = Freshness(after: run, manifest: manifest, before: before)
        unwritten.lastSuccessAt = before?.lastSuccessAt
        return unwritten
    }

    private func writeMetrics(_ ending: inout Ending, _ freshness: Freshness, organization: String) {
        guard let metricsFile else { return }
        let memory = PrivateFile(layout.hint("metrics-totals.json"), fileSystem, largestSize: 1 << 12)
        var totals = memory.read().flatMap(SyncTotals.init(decoding:)) ?? SyncTotals()
        totals.add(
            requests: ending.report.requests, events: ending.report.events, quarantined: ending.report.quarantined)
        let metrics = SyncMetrics(
            archive: layout.root.string, organization: organization, version: ExportProgram.version,
            freshness: freshness, exitCode: ending.exitCode, totals: totals)
        // Counters that begin anew are what readers of counters expect.
        try? memory.replace(with: totals.encoded())
        do {
            try MetricsFile(metricsFile).replace(with: metrics.text)
        } catch {
            ending.warnings.append(
                "metrics_file \(metricsFile) could not be written: \(error); check that its folder is there and may be "
                    + "written to")
        }
    }

    private func tellWatchdog(_ ending: inout Ending, isSilent: (Failure) -> Bool) async {
        guard let ping else { return }
        let code = ending.failure.map(isSilent) ?? false ? 0 : ending.exitCode
        let summary = SyncSummary(ending.report, failure: ending.failure).json
        let warnings = [await start.value, await ping.end(code, summary: summary)]
        ending.warnings += warnings.compactMap(\.self)
    }
}

extension SyncRecord.Ending {
    /// The code that the program ends with.
    fileprivate var exitCode: Int { Int((failure?.status ?? .done).rawValue) }
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
