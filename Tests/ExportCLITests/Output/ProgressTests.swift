import AuditArchive
@testable import AuditSync
@testable import ExportCLI
import Logging
import Synchronization
import Testing

@Suite("Progress")
struct ProgressTests {
    private func progress(days: Int, events: Int, expected: Int? = nil) -> SyncProgress {
        SyncProgress(
            daysDone: days, daysTotal: 30, events: events, requests: 12, requestsLeftThisHour: 1488, day: nil,
            eventsExpected: expected)
    }

    @Test("is a line with bar, days, events, rate, requests left and the time to go")
    func line() {
        #expect(
            ProgressLine(ProgressFigures(progress(days: 12, events: 10_400)), elapsed: .seconds(5)).text
                == "[####------] 12/30 days  10,400 events  2,080/s  ETA 8 s  1,488 requests left"
        )
        #expect(
            ProgressLine(ProgressFigures(progress(days: 0, events: 5000, expected: 20_000)), elapsed: .seconds(10)).text
                == "[##--------] 0/30 days  5,000 events  500/s  ETA 30 s  1,488 requests left")
    }

    @Test("has no time to go before anything is done, and none beyond the end")
    func edges() {
        let start = ProgressLine(ProgressFigures(progress(days: 0, events: 0)), elapsed: .zero)
        #expect(start.remaining == nil)
        #expect(start.text == "[----------] 0/30 days  0 events  0/s  1,488 requests left")
        let beyond = ProgressLine(ProgressFigures(progress(days: 31, events: 10, expected: 5)), elapsed: .seconds(1))
        #expect(beyond.fraction == 1)
        #expect(beyond.remaining == .zero)
    }

    @Test("of a verification counts files and events, and goes by the bytes")
    func verification() {
        var progress = VerificationProgress()
        progress.filesDone = 3
        progress.filesTotal = 120
        progress.bytesDone = 500
        progress.bytesTotal = 1_000
        progress.records = 2_000
        #expect(
            ProgressLine(ProgressFigures(progress), elapsed: .seconds(4)).text
                == "[#####-----] 3/120 files  2,000 events  500/s  ETA 4 s")
    }

    @Test(
        "is cut between its parts where a terminal is narrow",
        arguments: [
            (120, "[####------] 12/30 days  10,400 events  2,080/s  ETA 8 s  1,488 requests left"),
            (80, "[####------] 12/30 days  10,400 events  2,080/s  ETA 8 s  1,488 requests left"),
            (78, "[####------] 12/30 days  10,400 events  2,080/s  ETA 8 s  1,488 requests left"),
            (77, "[####------] 12/30 days  10,400 events  2,080/s  ETA 8 s"),
            (40, "[####------] 12/30 days  10,400 events"), (39, "[####------] 12/30 days  10,400 events"),
            (38, "[####------] 12/30 days"), (10, "[####----"), (1, ""), (0, "")
        ])
    func narrow(width: Int, expected: String) {
        let line = ProgressLine(ProgressFigures(progress(days: 12, events: 10_400)), elapsed: .seconds(5)).text
        #expect(Messages.fitting(line, width: width) == expected)
    }

    @Test("is redrawn on a terminal at most ten times a second")
    func terminal() {
        #expect(lines(isTerminal: true, stepMilliseconds: 30, steps: 40) == 10)
    }

    @Test("is a log line every half minute elsewhere")
    func log() {
        #expect(lines(isTerminal: false, stepMilliseconds: 1000, steps: 100) == 3)
    }

    private func lines(isTerminal: Bool, stepMilliseconds: Int, steps: Int) -> Int {
        let collector = Collector()
        var reader = SettingsReader(SettingsResolver(flags: [:], environment: [:]))
        let messages = Messages(
            OutputSettings(&reader), to: collector, style: .init(isTerminal: isTerminal, hasColor: false)
        ) { SettledClock.noon }
        let time = Mutex(Duration.zero)
        let logger = Logger(label: "test") { _ in MessageLogHandler(messages, level: .notice) }
        let reporter = ProgressReporter(messages, logger: logger) { time.withLock { $0 } }
        for _ in 0..<steps {
            reporter.report(progress(days: 1, events: 1))
            time.withLock { $0 += .milliseconds(stepMilliseconds) }
        }
        return collector.text.split(separator: isTerminal ? "\r" : "\n").count
    }
}
