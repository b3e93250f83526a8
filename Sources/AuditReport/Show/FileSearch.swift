import AuditArchive
import AuditRecords
import CivilTime
import JSONText
import Synchronization

/// The search in one file, a batch at a time: whoever merges several files asks each for its next one.
final class FileSearch: Sendable {
    /// Events that were found, in the order of the file.
    struct Batch: Sendable {
        /// What is to be written of an event.
        struct Event: Sendable {
            var time: Timestamp
            var isImpersonated: Bool
            /// Where its bytes end, and where its id's bytes end.
            var end: Int
            var idEnd: Int
        }

        var events: [Event] = []
        var bytes: [UInt8] = []
        var ids: [UInt8] = []
        var isLast = false
    }

    enum Outcome: Sendable {
        case batch(Batch)
        case vanished
        case failed(ArchiveError)
    }

    /// What all files of a search share.
    struct Task: Sendable {
        var layout: ArchiveLayout
        var fileSystem: any FileSystem
        var query: EventQuery
        var matcher: EventMatcher
        var format: EventFormat
    }

    /// Bytes after which a batch is handed over.
    private static let batchSize = 1 << 18

    private struct State: ~Copyable {
        var isOpened = false
        /// Lines that were read.
        var count = 0
        var lines: ArchivedLines?
    }

    let file: DataFile
    private let task: Task
    private let holdsAll: Bool
    /// The lines to look at; `nil` for all.
    private let lines: RangeSet<Int>?
    private let state = Mutex(State())

    init(_ file: DataFile, _ task: Task, lines: RangeSet<Int>? = nil) {
        self.file = file
        self.lines = lines
        self.task = task
        holdsAll = task.query.holdsAll(of: file.name.date)
    }

    /// The next batch. The first one opens the file, and after the last one there is none.
    func next() -> Outcome {
        state.withLock { state in
            do throws(ArchivedLines.Failure) {
                return .batch(try next(&state))
            } catch {
                switch error {
                case .vanished: return .vanished
                case .failed(let failure): return .failed(failure)
                }
            }
        }
    }

    private func next(_ state: inout State) throws(ArchivedLines.Failure) -> Batch {
        if !state.isOpened {
            state.lines = try ArchivedLines(file, in: task.layout, task.fileSystem)
            state.isOpened = true
        }
        var batch = Batch()
        guard var lines = state.lines.take() else {
            batch.isLast = true
            return batch
        }
        var hasMore = true
        var fault: ArchiveError?
        while hasMore, fault == nil, batch.bytes.count < Self.batchSize, !_Concurrency.Task.isCancelled {
            hasMore = try lines.next { line in
                defer { state.count += 1 }
                guard self.lines?.contains(state.count) ?? true else { return }
                do throws(JSONTextError) {
                    try take(line, &batch)
                } catch {
                    fault = .damaged("A line is not JSON: \(error)", at: task.layout.absolute(file.name.path))
                }
            }
        }
        if let fault { throw .failed(fault) }
        batch.isLast = !hasMore
        if hasMore { state.lines = consume lines }
        return batch
    }

    private func take(_ line: RawSpan, _ batch: inout Batch) throws(JSONTextError) {
        guard task.matcher.mayMatch(line) else { return }
        let fields = try EventFields(line: line)
        // Events without a time are not archived: verify says so.
        guard let time = fields.time(in: line), holdsAll || task.query.holds(time) else { return }
        guard task.matcher.matches(fields, in: line) else { return }
        task.format.append(fields, line, time, to: &batch.bytes)
        batch.ids += fields.id?.bytes(in: line) ?? []
        batch.events.append(
            Batch.Event(
                time: time, isImpersonated: fields.isImpersonated(in: line), end: batch.bytes.count,
                idEnd: batch.ids.count))
    }
}
