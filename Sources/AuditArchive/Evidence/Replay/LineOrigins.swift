/// Where each line of a file came from: the file with which it came into the archive, and its number there.
struct LineOrigins: Equatable, Sendable {
    /// Lines in a row that came in a row.
    struct Run: Equatable, Sendable {
        /// The place of the addition in the replay's list.
        var addition: Int
        /// The first line's number there, from 0.
        var first: Int
        /// How many.
        var count: Int
    }

    private(set) var runs: [Run] = []

    /// No lines.
    init() {}

    /// The lines of a file as it came.
    init(addition: Int, count: Int) {
        append(Run(addition: addition, first: 0, count: count))
    }

    /// How many lines there are.
    var count: Int { runs.reduce(0) { $0 + $1.count } }

    mutating func append(_ run: Run) {
        guard run.count > 0 else { return }
        if let last = runs.last, last.addition == run.addition, last.first + last.count == run.first {
            runs[runs.count - 1].count += run.count
        } else {
            runs.append(run)
        }
    }

    /// The lines without those that `drops` names, and how many these were.
    func removing(_ drops: (_ addition: Int, _ line: Int) -> Bool) -> (rest: LineOrigins, dropped: Int) {
        var rest = LineOrigins()
        for run in runs {
            for line in run.first..<run.first + run.count where !drops(run.addition, line) {
                rest.append(Run(addition: run.addition, first: line, count: 1))
            }
        }
        return (rest, count - rest.count)
    }

    /// Where the line of this number, from 0, came from.
    subscript(line: Int) -> (addition: Int, line: Int)? {
        var rest = line
        for run in runs {
            if rest < run.count { return (run.addition, run.first + rest) }
            rest -= run.count
        }
        return nil
    }

    /// The number, from 0, of the line that came so; `nil` if it is not here.
    func number(of addition: Int, line: Int) -> Int? {
        var before = 0
        for run in runs {
            if run.addition == addition, (run.first..<run.first + run.count).contains(line) {
                return before + line - run.first
            }
            before += run.count
        }
        return nil
    }
}

/// The lines of some files, taken from the front of each in turn.
struct LineMerge {
    private var sources: [LineOrigins]
    private var run: [Int]
    private var taken: [Int]

    init(_ sources: [LineOrigins]) {
        self.sources = sources
        run = sources.map { _ in 0 }
        taken = run
    }

    /// Moves the next `count` lines of a source to the end of `target`; `false` if it has no more so many.
    mutating func take(_ count: Int, of source: Int, to target: inout LineOrigins) -> Bool {
        guard sources.indices.contains(source) else { return false }
        var left = count
        while left > 0 {
            guard run[source] < sources[source].runs.count else { return false }
            let next = sources[source].runs[run[source]]
            let step = min(left, next.count - taken[source])
            target.append(
                LineOrigins.Run(addition: next.addition, first: next.first + taken[source], count: step))
            taken[source] += step
            left -= step
            if taken[source] == next.count { (run[source], taken[source]) = (run[source] + 1, 0) }
        }
        return true
    }

    /// Whether all lines were taken.
    var isAtEnd: Bool { sources.indices.allSatisfy { run[$0] == sources[$0].runs.count } }
}
