import Dispatch
import Foundation
import Synchronization

/// A program that was started. What it writes is gathered while it runs, so that it never waits for a reader.
package final class RunningProgram: Sendable {
    /// What a program did.
    package struct Outcome: Sendable {
        /// Its exit code; 128 and the signal's number where a signal ended it, as shells have it.
        package var exitCode: Int32
        /// Whether a signal ended it.
        package var isEndedBySignal: Bool
        /// What it wrote to standard output.
        package var output: [UInt8]
        /// What it wrote to standard error.
        package var errors: String

        /// Standard output as text.
        package var text: String { String(decoding: output, as: UTF8.self) }
    }

    private struct State {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        var outcome: Outcome?
        var waiters: [Waiter] = []
    }

    private struct Waiter {
        let isDone: @Sendable (State) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    /// A program that takes longer hangs, and is killed so that its test can fail: `PROGRAM_SECONDS`, for tests of hours.
    private static let patience = DispatchTimeInterval.seconds(
        ProcessInfo.processInfo.environment["PROGRAM_SECONDS"].flatMap { Int($0) } ?? 900)

    private let process: Process
    private let state = Mutex(State())

    /// The process's number.
    package var identifier: Int32 { process.processIdentifier }

    init(_ command: [String], directory: String, environment: [String: String]?) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardInput = FileHandle.nullDevice
        if let environment { process.environment = environment }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let readers = DispatchGroup()
        read(output, readers) { state, bytes in state.output += bytes }
        read(errors, readers) { state, bytes in state.errors += bytes }
        readers.notify(queue: .global()) { self.finish() }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { [weak self] in self?.signal(SIGKILL) }
    }

    /// Sends a signal, unless the program has ended.
    package func signal(_ number: Int32) {
        state.withLock { state in
            // Its number may belong to another process by then.
            if state.outcome == nil { _ = kill(identifier, number) }
        }
    }

    /// Sends a signal after some time, unless the program has ended by then.
    package func signal(_ number: Int32, after delay: Duration) {
        let nanoseconds = Int(delay / .nanoseconds(1))
        DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) { self.signal(number) }
    }

    /// Waits until it has ended and all it wrote is read.
    package func outcome() async -> Outcome {
        await wait { $0.outcome != nil }
        return state.withLock { $0.outcome } ?? Outcome(exitCode: -1, isEndedBySignal: false, output: [], errors: "")
    }

    /// Waits until a text occurs a number of times in what it wrote to standard output and standard error.
    ///
    /// - Returns: all of both so far; nil if the program ended first.
    package func waitFor(_ text: String, times: Int = 1) async -> String? {
        let isThere: @Sendable (State) -> Bool = { state in
            Self.text(of: state).components(separatedBy: text).count > times
        }
        await wait { isThere($0) || $0.outcome != nil }
        return state.withLock { isThere($0) ? Self.text(of: $0) : nil }
    }

    private static func text(of state: State) -> String {
        String(decoding: state.output, as: UTF8.self) + String(decoding: state.errors, as: UTF8.self)
    }

    private func wait(_ isDone: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            change { $0.waiters.append(Waiter(isDone: isDone, continuation: continuation)) }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let ready = state.withLock { state in
            body(&state)
            let waiters = state.waiters
            state.waiters = waiters.filter { !$0.isDone(state) }
            return waiters.filter { $0.isDone(state) }
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    /// Reading blocks, so it gets a thread that no test needs.
    private func read(_ pipe: Pipe, _ group: DispatchGroup, _ append: @escaping @Sendable (inout State, Data) -> Void) {
        DispatchQueue.global().async(group: group) {
            while true {
                let bytes = pipe.fileHandleForReading.availableData
                if bytes.isEmpty { return }
                self.change { append(&$0, bytes) }
            }
        }
    }

    private func finish() {
        process.waitUntilExit()
        let isEndedBySignal = process.terminationReason == .uncaughtSignal
        change { state in
            state.outcome = Outcome(
                exitCode: process.terminationStatus + (isEndedBySignal ? 128 : 0), isEndedBySignal: isEndedBySignal,
                output: state.output, errors: String(decoding: state.errors, as: UTF8.self))
        }
    }
}
