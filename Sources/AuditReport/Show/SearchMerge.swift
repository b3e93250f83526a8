import AuditArchive

/// The files of some dates, searched ahead of what is written, and merged date by date.
struct SearchMerge {
    enum Outcome {
        /// All was written, or no more was wanted.
        case finished
        /// A file is gone, and nothing of its date was written.
        case vanished(DataFile)
        case failed(ArchiveError)
    }

    private let searches: [FileSearch]
    /// The searches of each date.
    private let days: [Range<Int>]
    /// How many files are searched ahead.
    private let ahead: Int

    init(_ days: [SearchPlan.Day], _ task: FileSearch.Task, parallelism: Int) {
        var searches: [FileSearch] = []
        self.days = days.map { day in
            let start = searches.count
            searches += day.files.map { FileSearch($0.file, task, lines: $0.lines) }
            return start..<searches.count
        }
        self.searches = searches
        ahead = 2 * max(1, parallelism)
    }

    /// Searches the files, and writes what they have in order. Every file of a date is open before its first event is
    /// written, and an open file can be read to its end whatever becomes of its name.
    func run(_ output: inout SearchOutput, _ write: ([UInt8]) async -> Bool) async -> Outcome {
        await withTaskGroup(of: (Int, FileSearch.Outcome).self) { group in
            var pump = SearchPump(searches)
            for day in days {
                pump.request(upTo: min(searches.count, day.upperBound + ahead), &group)
                if let end = await merge(day, &pump, &group, &output, write) {
                    group.cancelAll()
                    return end
                }
            }
            _ = await output.flush(write)
            return .finished
        }
    }

    /// Writes the events of a date. Returns how all ends, if it does.
    private func merge(
        _ day: Range<Int>, _ pump: inout SearchPump, _ group: inout TaskGroup<(Int, FileSearch.Outcome)>,
        _ output: inout SearchOutput, _ write: ([UInt8]) async -> Bool
    ) async -> Outcome? {
        var heads: [SearchHead] = []
        for index in day {
            if let end = await pump.take(index, &group, into: &heads) { return end }
        }
        heads.sort { $1.precedes($0) }
        while var head = heads.popLast() {
            // The events of one file follow each other until another file has the next one.
            repeat {
                output.append(head)
                head.advance()
            } while !head.isAtEnd && !(heads.last.map { $0.precedes(head) } ?? false)
            if output.isFull, await !output.flush(write) { return .finished }
            if !head.isAtEnd {
                heads.insert(sorted: head)
            } else if !head.batch.isLast {
                var next: [SearchHead] = []
                if let end = await pump.take(head.index, &group, into: &next) { return end }
                for head in next { heads.insert(sorted: head) }
            }
        }
        return nil
    }
}

/// Asks for batches and takes them as they come.
struct SearchPump {
    private let searches: [FileSearch]
    private var arrived: [Int: FileSearch.Outcome] = [:]
    private var requested = 0

    init(_ searches: [FileSearch]) {
        self.searches = searches
    }

    /// Asks the files up to a number for their first batches, unless that was done.
    mutating func request(upTo end: Int, _ group: inout TaskGroup<(Int, FileSearch.Outcome)>) {
        while requested < end {
            request(requested, &group)
            requested += 1
        }
    }

    private func request(_ index: Int, _ group: inout TaskGroup<(Int, FileSearch.Outcome)>) {
        group.addTask { [search = searches[index]] in (index, search.next()) }
    }

    /// Waits for the next batch of a file that has events, and asks for the one after it. A file that has no more leaves
    /// `heads` as it is. Returns how all ends, if it does.
    mutating func take(
        _ index: Int, _ group: inout TaskGroup<(Int, FileSearch.Outcome)>, into heads: inout [SearchHead]
    ) async -> SearchMerge.Outcome? {
        while true {
            while arrived[index] == nil {
                guard let (number, outcome) = await group.next() else { return .finished }
                arrived[number] = outcome
            }
            switch arrived.removeValue(forKey: index) {
            case .batch(let batch):
                if !batch.isLast { request(index, &group) }
                if !batch.events.isEmpty {
                    heads.append(SearchHead(index: index, batch: batch))
                    return nil
                }
                if batch.isLast { return nil }
            case .vanished: return .vanished(searches[index].file)
            case .failed(let error): return .failed(error)
            case nil: return .finished
            }
        }
    }
}

/// A batch of one file, and the event in it that comes next.
struct SearchHead {
    let index: Int
    let batch: FileSearch.Batch
    private(set) var place = 0

    init(index: Int, batch: FileSearch.Batch) {
        self.index = index
        self.batch = batch
    }

    var isAtEnd: Bool { place == batch.events.count }

    mutating func advance() { place += 1 }

    /// The bytes of the event.
    var bytes: ArraySlice<UInt8> { batch.bytes[(place == 0 ? 0 : batch.events[place - 1].end)..<event.end] }

    var event: FileSearch.Batch.Event { batch.events[place] }

    private var id: ArraySlice<UInt8> { batch.ids[(place == 0 ? 0 : batch.events[place - 1].idEnd)..<event.idEnd] }

    /// Whether its event comes before the other's, by time, then id.
    func precedes(_ other: SearchHead) -> Bool {
        if event.time != other.event.time { return event.time < other.event.time }
        return id.lexicographicallyPrecedes(other.id)
    }
}

extension [SearchHead] {
    /// Puts a head into its place; the last one comes next.
    fileprivate mutating func insert(sorted head: SearchHead) {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if head.precedes(self[middle]) { low = middle + 1 } else { high = middle }
        }
        insert(head, at: low)
    }
}

/// What is to be written, gathered into larger pieces.
struct SearchOutput {
    private static let pieceSize = 1 << 16

    private let separator: [UInt8]
    private var piece: [UInt8] = []
    /// The events so far.
    private(set) var count = 0
    /// Those of them that somebody did as another user.
    private(set) var impersonated = 0

    init(separator: [UInt8]) {
        self.separator = separator
    }

    var isFull: Bool { piece.count >= Self.pieceSize }

    mutating func append(_ head: SearchHead) {
        if count > 0 { piece += separator }
        piece += head.bytes
        count += 1
        if head.event.isImpersonated { impersonated += 1 }
    }

    /// Hands over what was gathered. Returns whether more is wanted.
    mutating func flush(_ write: ([UInt8]) async -> Bool) async -> Bool {
        guard !piece.isEmpty else { return true }
        let isWanted = await write(piece)
        piece.removeAll(keepingCapacity: true)
        return isWanted
    }
}
