import CivilTime
import Logging
import Synchronization

/// Standard error: log lines, the progress line and the final error. Several threads may write at once.
final class Messages: Sendable {
    /// What standard error is connected to.
    struct Style: Sendable {
        /// Whether a line can be redrawn.
        var isTerminal: Bool
        /// Whether words may be coloured.
        var hasColor: Bool
        /// Characters in a line.
        var width = 80
    }

    private struct State {
        var progress = ""
        var held: [String] = []
        /// How many were held back and then dropped for later ones.
        var dropped = 0
        var isHolding: Bool

        /// Holds a line back. Of many, the last ones tell why a run failed. Twice as many are kept for a while, so that not
        /// every line moves all others.
        mutating func hold(_ line: String) {
            held.append(line)
            guard held.count >= 2 * Messages.mostHeld else { return }
            dropLines(downTo: Messages.mostHeld)
        }

        mutating func dropLines(downTo count: Int) {
            let surplus = max(0, held.count - count)
            held.removeFirst(surplus)
            dropped += surplus
        }
    }

    private static let mostHeld = 200
    private static let eraseLine = "\r\u{1B}[2K"

    private let output: any TextOutput
    private let format: LogFormat
    private let now: @Sendable () -> Timestamp
    private let state: Mutex<State>

    /// What standard error is connected to.
    let style: Style

    /// Messages in the form that `settings` asks for. With `quiet`, log lines are held back until the run fails.
    init(
        _ settings: OutputSettings, to output: any TextOutput, style: Style, now: @escaping @Sendable () -> Timestamp
    ) {
        self.output = output
        self.style = style
        self.now = now
        format = settings.logFormat
        state = Mutex(State(isHolding: settings.quiet))
    }

    /// Whether to draw a progress line: on a terminal, with lines for people, and without `quiet`.
    var showsProgress: Bool {
        style.isTerminal && format == .text && state.withLock { !$0.isHolding }
    }

    /// Writes a warning that a person has to see. It is never held back, and no level leaves it out.
    func alert(_ message: String) {
        let line = text(of: LogLine(time: now(), level: .warning, message: message))
        state.withLock { write(line, &$0) }
    }

    private func text(of line: LogLine) -> String {
        format == .json ? line.json : line.text(hasColor: style.hasColor)
    }

    /// Writes a log line.
    func log(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata = [:]) {
        let text = text(of: LogLine(time: now(), level: level, message: message, metadata: metadata))
        state.withLock { state in
            if state.isHolding {
                state.hold(text)
            } else {
                write(text, &state)
            }
        }
    }

    /// Draws the progress line.
    func show(progress text: String) {
        state.withLock { state in
            state.progress = Self.fitting(text, width: style.width)
            put(Self.eraseLine + state.progress)
        }
    }

    /// The leading parts of a line, which two spaces separate, that fit on one of `width` characters: a number cut in two
    /// says something else. The last column stays free, since a cursor beyond it makes some terminals begin a new line.
    static func fitting(_ text: String, width: Int) -> String {
        var line = ""
        for part in text.split(separator: "  ") {
            let longer = line.isEmpty ? String(part) : "\(line)  \(part)"
            guard longer.count < width else { break }
            line = longer
        }
        return line.isEmpty ? String(text.prefix(max(0, width - 1))) : line
    }

    /// Takes the progress line away.
    func clearProgress() {
        state.withLock { state in
            if !state.progress.isEmpty { put(Self.eraseLine) }
            state.progress = ""
        }
    }

    /// Writes what was held back, and then why the run failed.
    func fail(_ failure: Failure) {
        clearProgress()
        let text = format == .json ? json(failure) : failure.text
        state.withLock { state in
            state.dropLines(downTo: Self.mostHeld)
            put((leftOut(state.dropped) + state.held + [text]).joined())
            state.held = []
            state.dropped = 0
            state.isHolding = false
        }
    }

    private func leftOut(_ count: Int) -> [String] {
        guard count > 0 else { return [] }
        let message = "\(Units.count(count, "earlier line")) left out; without --quiet all are written as they come"
        return [self.text(of: LogLine(time: now(), level: .notice, message: message))]
    }

    private func json(_ failure: Failure) -> String {
        var metadata: Logger.Metadata = ["exit_code": "\(failure.status.rawValue)", "kind": "\(failure.kind.rawValue)"]
        metadata["setting"] = failure.setting.map { "\($0)" }
        metadata["place"] = failure.place.map { "\($0)" }
        metadata["hint"] = failure.hints.isEmpty ? nil : "\(failure.hints.joined(separator: " "))"
        return LogLine(time: now(), level: .error, message: failure.summary, metadata: metadata).json
    }

    private func write(_ text: String, _ state: inout State) {
        put(state.progress.isEmpty ? text : Self.eraseLine + text + state.progress)
    }

    private func put(_ text: String) {
        // An error of standard error cannot be reported anywhere.
        try? output.write(text)
    }
}

extension Messages {
    /// A logger that writes here.
    func logger(_ level: Logger.Level) -> Logger {
        Logger(label: "captivateiq-export") { _ in MessageLogHandler(self, level: level) }
    }
}

/// Sends a logger's lines to ``Messages``.
struct MessageLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let messages: Messages

    /// A handler for lines of `level` and above.
    init(_ messages: Messages, level: Logger.Level) {
        self.messages = messages
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        messages.log(event.level, event.message.description, all)
    }
}
