/// The result of a command that could not do its work, for machines.
enum FailureSummary {
    /// One JSON object with an end of line.
    static func json(_ failure: Failure) -> String {
        var object = JSONObjectText()
        object.add("outcome", "failed")
        object.add("error", failure.line)
        return object.text + "\n"
    }
}
