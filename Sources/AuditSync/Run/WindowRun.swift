import AuditArchive
import AuditRecords
import CaptivateIQAPI
import CivilTime
import Logging

/// What the windows read so far have shown about the API.
struct WindowExperience: Sendable {
    /// Walks that were given up although most of the rows were still to come.
    var hopeless = 0
    /// Windows whose rows were not where the window before had them.
    var refutedJoints = 0
    /// Pages of the window that is being read.
    var pages = 0
    /// Pages of all windows.
    var pagesOfRun = 0
    /// Windows by how much more the API counts than it lists, where that was settled.
    var miscounts: [Int: Int] = [:]
    /// The longest page that the server has sent.
    var pageLength: PageLength
    /// What to tell of them.
    var warnings: [String] = []
    /// After so many windows were divided for one and the same difference, others with it are believed at once.
    fileprivate static let settledMiscounts = 2

    /// What windows of earlier runs have shown: by how much more the API counts than it lists, and the longest page.
    init(miscounts: [Int] = [], pageLength: PageLength) {
        self.pageLength = pageLength
        self.miscounts = Dictionary(miscounts.map { ($0, Self.settledMiscounts) }) { first, _ in first }
    }

    /// The differences that need no further proof.
    var settledExcesses: Set<Int> { Set(miscounts.filter { $0.value >= Self.settledMiscounts }.keys) }

    /// The differences that were met.
    private(set) var metExcesses: Set<Int> = []

    fileprivate mutating func noteExcess(_ excess: Int) {
        miscounts[excess, default: 0] += 1
        metExcesses.insert(excess)
    }
}

/// How the reading of a window ended.
enum WindowReading {
    /// Every event is taken. Without a recorder the list had changed while it was read.
    case whole(WindowWalk, TailRecorder?)
    /// Its pages did not add up.
    case incomplete
    /// The API lists no more than so many rows of it, and has more.
    case cut(rows: Int)

    /// Whether all was read without finding the rows where the window before had them.
    var refutesJoint: Bool {
        if case .whole(let walk, _) = self { !walk.hasConfirmedJoint } else { false }
    }
}

extension PageRun {
    /// Reads a window until its events add up. `first`: the answer to its first request; `joint`: rows that the window
    /// before had.
    func read(
        _ window: Window, first: PageReading? = nil, joint: WindowJoint? = nil
    ) async throws(SyncFailure) -> WindowReading {
        beginWindow()
        var repetition = WalkRepetition(pageSize: settings.pageSize)
        var (first, known) = (first, joint)
        while true {
            let (walk, recorder) = try await walk(window, pageSize: repetition.pageSize, joint: known, first: first)
            if walk.hasRefutedJoint { windows.refutedJoints += 1 }
            switch verdict(walk, recorder, known) {
            case .whole:
                let isOverstated = seenInWindow.most < walk.totals?.newest ?? 0
                if isOverstated, walk.doubledRows > 0 { warnOfMiscount(walk, of: window) }
                return .whole(walk, recorder)
            case .short: return try await settle(walk, recorder, of: window)
            case .grew:
                if try await readEdges(of: walk, window, recorder.order) { return .whole(walk, nil) }
            case .unproven, .moved: break
            }
            (first, known) = (nil, nil)
            if walk.gaveUp, let total = walk.totals?.newest, seenInWindow.most < total / 2 { windows.hopeless += 1 }
            switch repetition.decide(after: walk, distinct: seenInWalk, seen: seenInWindow) {
            case .again:
                context.logger.notice("the pages are read once more", metadata: ["window": "\(window.start)"])
            case .settled: return .whole(walk, recorder)
            case .stable where walk.isShort: return try await settle(walk, recorder, of: window)
            case .stable:
                warnOfMiscount(walk, of: window)
                return .whole(walk, recorder)
            case .givenUp: return .incomplete
            }
        }
    }

    /// Walks a window once, and takes its events.
    private func walk(
        _ window: Window, pageSize: Int, joint: WindowJoint? = nil, first: PageReading? = nil
    ) async throws(SyncFailure) -> (WindowWalk, TailRecorder) {
        beginWalk(shared: window.end?.start ?? .endOfTime)
        var walk = WindowWalk(
            window.query, pageSize: pageSize, joint: joint, excesses: windows.settledExcesses,
            pageLength: windows.pageLength)
        var recorder = TailRecorder()
        try await run(&walk, first: first) { (reading, new) async throws(SyncFailure) in
            if !new.isEmpty { recorder.add(reading) }
            windows.pages += 1
            windows.pagesOfRun += 1
            try await takePage(reading, new: new)
            return seenInWalk.most
        }
        windows.pageLength = walk.pageLength ?? windows.pageLength
        return (walk, recorder)
    }

    /// Judges a walk. Rows may be left out only of a list that turned out to be sorted as the one before.
    private func verdict(_ walk: WindowWalk, _ recorder: TailRecorder, _ joint: WindowJoint?) -> WalkVerdict {
        if walk.skippedRows > 0 && recorder.order != joint?.order { return .moved }
        return WalkVerdict(walk, distinct: seenInWalk)
    }

    /// After events arrived during a walk, reads the ends of the list again, where they are to be found.
    private func readEdges(of walk: WindowWalk, _ window: Window, _ order: RowOrder?) async throws(SyncFailure) -> Bool
    {
        guard var total = walk.totals?.newest else { return false }
        let end = max(0, total - walk.step)
        for offset in order == .descending ? [0, end] : [end, 0] {
            let page = try await page(PageRequest(query: window.query, offset: offset, limit: settings.pageSize))
            try await takePage(PageReading(page), new: nil)
            guard page.totalCount >= total else { return false }
            total = page.totalCount
            // A page that reaches the end and promises more contradicts its total.
            if page.next == .present, offset + page.records.count >= total { continue }
            if walk.seamsAreClean, (seenInWalk + walk.skippedRows).areAll(of: total, areClean: false) { return true }
        }
        return false
    }

    /// Finds out why a list ended before its total: a cut shows more in the list of some of the days, a wrong count does not.
    private func settle(
        _ walk: WindowWalk, _ recorder: TailRecorder, of window: Window
    ) async throws(SyncFailure) -> WindowReading {
        let rows = walk.rowCount
        let excess = (walk.totals?.newest ?? 0) - rows
        if excess <= 0 || windows.miscounts[excess, default: 0] < WindowExperience.settledMiscounts {
            if let doubt = try await divide(window, rows: rows) { return doubt }
        }
        if excess > 0 {
            windows.noteExcess(excess)
            warnOfMiscount(walk, of: window)
        }
        return .whole(walk, recorder)
    }

    /// Reads the parts of a window until they have shown that there is nothing else (`nil`), or that there is.
    private func divide(_ window: Window, rows: Int) async throws(SyncFailure) -> WindowReading? {
        var division = CountDivision(window, today: context.clock.now().day)
        while let part = division.next {
            let seen = seenInWindow
            let (walk, _) = try await walk(part, pageSize: settings.pageSize)
            guard !walk.gaveUp, walk.seamsHold else { return .incomplete }
            if seenInWindow != seen {
                return part == window ? .incomplete : .cut(rows: rows)
            }
            division.note(rows: walk.rowCount, isShort: walk.isShort, isAll: seenInWalk == seenInWindow, of: rows)
        }
        return division.isUndecided ? .incomplete : nil
    }

    private func warnOfMiscount(_ walk: WindowWalk, of window: Window) {
        let days = "\(window.start) to \(window.end?.description ?? "now")"
        windows.warnings.append(
            "the API counts \(walk.totals?.newest ?? 0) events for \(days) and lists \(seenInWindow.most), the same in "
                + "every reading; what it lists is archived")
    }
}
