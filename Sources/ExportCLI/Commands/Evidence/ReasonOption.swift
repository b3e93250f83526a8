import ArgumentParser

/// `--reason`, which the log keeps for ever.
struct ReasonOption: ParsableArguments {
    @Option(help: "Why.")
    var reason: String

    func validate() throws {
        guard reason.contains(where: { !$0.isWhitespace }) else { throw ValidationError("--reason has to say why.") }
    }
}
