import CivilTime
import JSONText
import Logging

/// One line on standard error.
struct LogLine: Sendable {
    /// When it happened.
    var time: Timestamp
    /// How important.
    var level: Logger.Level
    /// What happened.
    var message: String
    /// Its details, by name.
    var metadata: [(key: String, value: String)]

    /// A line of these parts; the metadata is sorted by name.
    init(time: Timestamp, level: Logger.Level, message: String, metadata: Logger.Metadata = [:]) {
        self.time = time
        self.level = level
        self.message = message
        self.metadata = metadata.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    }

    /// `TIME level message key=value`, with an end of line.
    func text(hasColor: Bool) -> String {
        let word = hasColor ? "\u{1B}[\(color)m\(level.rawValue)\u{1B}[0m" : level.rawValue
        let pairs = metadata.map { " \(TerminalText.oneLine($0.key))=\(Self.word($0.value))" }.joined()
        return "\(time) \(word) \(TerminalText.oneLine(message))\(pairs)\n"
    }

    /// One JSON object, with an end of line.
    var json: String {
        var object = JSONObjectText()
        object.add("time", time.description)
        object.add("level", level.rawValue)
        object.add("message", message)
        for (key, value) in metadata {
            if let number = Self.numbers.contains(key) ? Int(value) : nil {
                object.add(key, number)
            } else {
                object.add(key, value)
            }
        }
        return object.text + "\n"
    }

    /// The details that are numbers wherever they stand.
    private static let numbers: Set = [
        "events", "events_per_second", "exit_code", "files", "generation", "ms", "records", "requests",
        "requests_left_this_hour", "status"
    ]

    private var color: Int {
        switch level {
        case .critical, .error: 31
        case .warning: 33
        case .notice, .info: 36
        case .debug, .trace: 90
        }
    }

    /// A value with white space, quotes or an equals sign is quoted, so that lines can be parsed.
    private static func word(_ value: String) -> String {
        let isPlain =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy {
                $0.value > 0x20 && !"\"=\\".unicodeScalars.contains($0) && !VisibleText.isHidden($0)
            }
        return TerminalText.oneLine(isPlain ? value : VisibleText.quotedJSON(value))
    }
}
