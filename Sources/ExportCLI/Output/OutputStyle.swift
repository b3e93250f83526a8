/// What standard output is connected to, as far as the form of a result depends on it.
struct OutputStyle: Sendable, Equatable {
    /// Whether somebody looks at it as it comes.
    var isTerminal = false
    /// Whether words may be coloured.
    var hasColor = false
    /// Whether only ASCII can be shown.
    var isASCII = false

    /// A file or a pipe.
    init() {}

    /// By the environment: colour is for terminals only, and not with `NO_COLOR` (no-color.org) or a dumb one. ASCII is
    /// for locales that are named and are not of UTF-8; where none is named, as in a container, nothing is known.
    init(_ environment: [String: String], isTerminal: Bool) {
        let isDumb = environment["TERM"] == "dumb"
        self.isTerminal = isTerminal
        hasColor = isTerminal && !isDumb && (environment["NO_COLOR"] ?? "").isEmpty
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        isASCII = locale.map { !$0.lowercased().replacing("-", with: "").contains("utf8") } ?? false
    }
}
