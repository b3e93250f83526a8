import TestSupport
import Testing

extension RunningProgram {
    /// Where a server listens, which it prints in a line of its own as soon as it does. `start`: what the address begins
    /// with.
    func address(_ start: String) async throws -> String {
        let mark = "listening on "
        guard let text = await waitFor(mark + start), text.contains("\n"),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(mark) })
        else {
            Issue.record("the server did not start: \(await outcome())")
            throw CancellationError()
        }
        return String(line.dropFirst(mark.count))
    }
}
