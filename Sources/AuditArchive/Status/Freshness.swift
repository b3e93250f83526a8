package import CivilTime
import JSONText

/// How far an archive is complete and when that was last confirmed, as `freshness.json` has it.
package struct Freshness: Equatable, Sendable {
    /// One run of `sync`.
    package struct Run: Equatable, Sendable {
        /// The command, `sync`.
        package var command: String
        /// When it began.
        package var startedAt: Timestamp
        /// When it ended.
        package var endedAt: Timestamp
        /// `ok`, `stopped`, `incomplete`, `interrupted` or `failed`.
        package var outcome: String
        /// The code that the process ends with.
        package var exitCode: Int
        /// Events that it archived.
        package var events: Int
        /// Failures since the last success, this run included. ``Freshness/init(after:manifest:before:)`` counts them.
        package var failuresInARow: Int

        /// Describes a run.
        package init(
            command: String, startedAt: Timestamp, endedAt: Timestamp, outcome: String, exitCode: Int, events: Int,
            failuresInARow: Int = 0
        ) {
            self.command = command
            self.startedAt = startedAt
            self.endedAt = endedAt
            self.outcome = outcome
            self.exitCode = exitCode
            self.events = events
            self.failuresInARow = failuresInARow
        }
    }

    /// The archive's generation; 0 before the first commit.
    package var generation: Int
    /// The manifest's `complete_through`.
    package var completeThrough: CalendarDay?
    /// The manifest's `last_event_timestamp`.
    package var lastEventTimestamp: Timestamp?
    /// When a sync last ended with 0; `nil` if none ever did.
    package var lastSuccessAt: Timestamp?
    /// The last run that held the lock.
    package var lastRun: Run?

    /// The code of a run that stopped early and kept its progress: neither a success nor a failure.
    private static let stopped = 75

    /// What to say after a run.
    ///
    /// - Parameters:
    ///   - manifest: The archive's; `nil` where there is none yet, or none that can be read. What was known before counts
    ///     then.
    ///   - before: What was said before this run.
    package init(after run: Run, manifest: Manifest?, before: Freshness?) {
        // Never lower than before: where an older copy was put back, this file may be the last to know a generation.
        generation = max(manifest?.generation ?? 0, before?.generation ?? 0)
        completeThrough = manifest.map(\.completeThrough) ?? before?.completeThrough
        lastEventTimestamp = manifest.map(\.lastEventTimestamp) ?? before?.lastEventTimestamp
        lastSuccessAt = run.exitCode == 0 ? run.endedAt : before?.lastSuccessAt
        var run = run
        let failures = before?.lastRun?.failuresInARow ?? 0
        run.failuresInARow =
            switch run.exitCode {
            case 0: 0
            case Self.stopped: failures
            default: min(failures, Manifest.largestNumber - 1) + 1
            }
        lastRun = run
    }
}

extension Freshness {
    /// The file's text.
    func encoded() -> [UInt8] {
        func quoted<Value>(_ value: Value?) -> String { value.map { "\"\($0)\"" } ?? "null" }
        var text = "{\"generation\": \(generation), \"complete_through\": \(quoted(completeThrough)), "
        text +=
            "\"last_event_timestamp\": \(quoted(lastEventTimestamp)), \"last_success_at\": \(quoted(lastSuccessAt)), "
        text += "\"last_run\": \(lastRun?.encoded ?? "null")}\n"
        return Array(text.utf8)
    }

    /// Reads the file's text; `nil` if it cannot be made sense of. Members that are not known are passed over.
    init?(decoding bytes: [UInt8]) {
        var generation: Int?
        var lastRun: Run?
        var (completeThrough, lastEvent, lastSuccess): (String?, String?, String?)
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, key) throws(JSONTextError) in
                switch key {
                case "generation": generation = try reader.readInteger()
                case "complete_through": completeThrough = try reader.readNull() ? nil : reader.readString()
                case "last_event_timestamp": lastEvent = try reader.readNull() ? nil : reader.readString()
                case "last_success_at": lastSuccess = try reader.readNull() ? nil : reader.readString()
                case "last_run": lastRun = try reader.readNull() ? nil : Run(&reader)
                default: try reader.skipValue()
                }
            }
            try reader.finish()
        } catch {
            return nil
        }
        guard let generation, (0...Manifest.largestNumber).contains(generation) else { return nil }
        self.generation = generation
        self.lastRun = lastRun
        self.completeThrough = completeThrough.flatMap { CalendarDay($0) }
        lastEventTimestamp = lastEvent.flatMap { Timestamp(rfc3339: $0) }
        lastSuccessAt = lastSuccess.flatMap { Timestamp(rfc3339: $0) }
    }
}

extension Freshness.Run {
    fileprivate var encoded: String {
        "{\"command\": \(JSONOutput.quoted(command)), \"started_at\": \"\(startedAt)\", \"ended_at\": \"\(endedAt)\", "
            + "\"outcome\": \(JSONOutput.quoted(outcome)), \"exit_code\": \(exitCode), \"events\": \(events), "
            + "\"failures_in_a_row\": \(failuresInARow)}"
    }

    /// Reads a run; `nil` if it lacks something.
    fileprivate init?(_ reader: inout JSONReader) throws(JSONTextError) {
        var (command, started, ended, outcome): (String?, String?, String?, String?)
        var (exitCode, events, failures): (Int?, Int?, Int?)
        try reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "command": command = try reader.readString()
            case "started_at": started = try reader.readString()
            case "ended_at": ended = try reader.readString()
            case "outcome": outcome = try reader.readString()
            case "exit_code": exitCode = try reader.readInteger()
            case "events": events = try reader.readInteger()
            case "failures_in_a_row": failures = try reader.readInteger()
            default: try reader.skipValue()
            }
        }
        guard let command, let outcome, let started = started.flatMap({ Timestamp(rfc3339: $0) }),
            let ended = ended.flatMap({ Timestamp(rfc3339: $0) }), let exitCode, let events, let failures,
            (0...Manifest.largestNumber).contains(failures)
        else { return nil }
        self.init(
            command: command, startedAt: started, endedAt: ended, outcome: outcome, exitCode: exitCode, events: events,
            failuresInARow: failures)
    }
}
