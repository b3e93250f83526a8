import AuditArchive
import CivilTime
import JSONText

/// The statement for people, as plain text. What comes from the API, from a file or from a person stands in it as visible
/// text on one line.
package struct StatementText {
    private let statement: Statement
    private var lines: [String] = []

    /// The text of a statement.
    package init(_ statement: Statement) {
        self.statement = statement
        addHead()
        addPopulation()
        addSource()
        addCompleteness()
        addAccuracy()
        addExceptions()
        addLimits()
        addState()
        addChecks()
    }

    /// All of it, each line with its end.
    package var text: String { lines.map { VisibleText.oneLine($0) + "\n" }.joined() }

    private mutating func section(_ title: String) { lines += ["", title.uppercased(), ""] }

    private mutating func field(_ name: String, _ value: String) {
        lines.append("  " + name + String(repeating: " ", count: max(1, 22 - name.count)) + value)
    }

    private mutating func item(_ text: String) { lines.append("  - " + text) }

    // MARK: What it is

    private mutating func addHead() {
        let period = statement.settings.period
        lines = ["STATEMENT ABOUT THE CAPTIVATEIQ AUDIT LOG", ""]
        if let organization = statement.state.organization {
            field("Organization", "\(organization.name) (\(organization.id))")
        }
        field("Period", "\(period.lowerBound) to \(period.upperBound), whole days in UTC, by `created_at`")
        field("Made", "\(Figures.moment(statement.settings.madeAt)), by \(statement.settings.madeBy)")
        field("Conclusion", statement.conclusion.text(erased: statement.exceptions.erased.reduce(0) { $0 + $1.events }))
        guard !statement.reasons.isEmpty else { return }
        lines += ["", "  Completeness is not proven, for these reasons:"]
        for reason in statement.reasons { item(reason.text) }
    }

    private mutating func addPopulation() {
        section("Population")
        let population = statement.population
        field("Events", Figures.count(population.digest.records))
        field("First, last", population.range ?? "no event")
        field("File", "population.ndjson.gz, \(Figures.count(population.digest.size)) bytes")
        field("SHA-256", population.digest.sha256.hexadecimal)
        field(
            "From", "\(Figures.count(statement.files.count, "file")) of the archive, \(Figures.bytes(statement.size))")
        lines.append("  One event a line, the bytes as the API sent them less white space, by time, then id.")
    }

    private mutating func addSource() {
        section("Source and parameters")
        let source = statement.source
        field("Asked", source.hosts.isEmpty ? "not on record" : source.hosts.joined(separator: ", "))
        field("Request", statement.settings.request)
        if let asked = source.asked { field("Dates asked for", "\(asked.lowerBound) to \(asked.upperBound)") }
        field(
            "Wanted from", "\(Figures.moment(statement.state.startTimestamp)) on, all events, no filter but the dates")
        field(
            "Looked back",
            "\(Figures.hours(statement.settings.lookback)) as it is set now, for events that surface late")
        if let from = source.from, let to = source.to {
            field(
                "Collected",
                "\(Figures.moment(from)) to \(Figures.moment(to)), in \(Figures.count(source.files, "file"))")
        }
        field("By", source.writers.isEmpty ? "not on record" : source.writers.joined(separator: ", "))
        if source.adopted > 0 {
            item("\(Figures.count(source.adopted, "file")) came before the evidence was begun, or by a rebuild.")
        }
    }

    // MARK: How complete and exact it is

    private mutating func addCompleteness() {
        section("Completeness by day")
        lines.append(
            statement.settings.checks == nil
                ? "  The API was not asked for this statement: its counts are those of earlier comparisons, as recorded."
                : "  The API was asked for its counts for this statement, where it says \"now\".")
        lines += ["", "  date           archive         API  compared            state"]
        for day in statement.days { lines.append("  " + day.row) }
        if statement.days.contains(where: \.isCountedTogether) {
            lines += [
                "",
                "  * counted together with the days beside it; the sum and the edges agreed, so each day has its own."
            ]
        }
    }

    private mutating func addAccuracy() {
        section("Accuracy")
        let found = statement.verification
        lines.append("  All of the archive was verified before this was written, without a fault:")
        item(
            "\(Figures.count(found.files, "file")) with \(Figures.count(found.records, "event")): size, SHA-256, one whole "
                + "gzip member, every line a JSON object with an id and a time, in order, in the folder of its date.")
        item("No event id occurs twice. No file is there that is not named, and none that is named is missing.")
        guard let entries = found.evidence.entries else { return }
        let log = Figures.count(entries, "entry", plural: "entries")
        item("The evidence log of \(log) fits the manifest, and its operations give just these files.")
        item(
            "The hash tree over the lines of every file that ever came was computed anew from the events, and is the same."
        )
        if statement.settings.trust.publicKey != nil { item("The signed head is signed by the key that was given.") }
        for anchor in statement.settings.trust.anchors {
            item("The head in \(anchor.name), kept elsewhere, is the beginning of the log.")
        }
    }

    // MARK: What speaks against it

    private mutating func addExceptions() {
        section("Exceptions")
        for text in StatementWords(statement).exceptions { item(text) }
    }

    private mutating func addLimits() {
        section("What is not covered")
        for text in StatementWords(statement).limits { item(text) }
    }

    // MARK: How to check it

    private mutating func addState() {
        section("State of the archive")
        field("Archive", statement.state.archiveID)
        field("Generation", "\(statement.state.generation), of \(Figures.moment(statement.state.writtenAt))")
        field("Manifest", "\(statement.state.digest) (SHA-256 of all above its last member)")
        let evidence = statement.verification.evidence
        guard let entries = evidence.entries, let root = evidence.root else { return field("Evidence", "none yet") }
        field("Evidence", "\(Figures.count(entries, "entry", plural: "entries")), root \(root.hexadecimal)")
        if let head = statement.evidence?.checkpoint, let fingerprint = evidence.fingerprint {
            field(
                "Signed head",
                "\(Figures.count(head.entries, "entry", plural: "entries")), root \(head.root.hexadecimal)")
            field("Key", fingerprint)
        } else {
            field("Signed head", "none: no key has signed")
        }
        let anchors = statement.evidence?.anchors ?? []
        field("Anchors", anchors.isEmpty ? "none is kept in the archive" : anchors.map(\.words).joined(separator: "; "))
    }

    private mutating func addChecks() {
        section("How to check it")
        lines += [
            "  In the folder of this statement, in this order, with sh, coreutils, gzip, jq, openssl and python3. Each command ends",
            "  with 0 where it agrees, and with another code where it does not."
        ]
        for check in StatementChecks(statement).list {
            lines += ["", "  " + check.title]
            lines += check.commands.map { "    $ " + $0 }
        }
    }
}

extension Statement {
    /// Bytes of the files that hold the population.
    var size: Int { files.reduce(0) { $0 + $1.size } }
}

extension Statement.Conclusion {
    /// A few words, with the number of events that were erased.
    func text(erased: Int) -> String {
        switch self {
        case .complete: "COMPLETE: every day is closed, was read to its end, and has what the API has"
        case .completeButErased:
            "COMPLETE BUT FOR \(Figures.count(erased, "EVENT", plural: "EVENTS")) ERASED ON RECORD: every day is closed, was "
                + "read to its end, and had what the API has"
        case .notProven: "NOT PROVEN"
        }
    }
}

extension Statement.Population {
    /// The first and the last event's time.
    fileprivate var range: String? {
        first.flatMap { first in last.map { "\(first), \($0)" } }
    }
}

extension EvidenceAnchor {
    /// Where it is, what of and when.
    fileprivate var words: String {
        let time = madeAt.map { " of \(Figures.moment($0))" } ?? ""
        return "\(path)\(time)\(isTimeStamped ? ", with a time stamp" : "")"
            + (cosignatures > 0 ? ", signed by \(Figures.count(cosignatures, "other"))" : "")
    }
}

extension StatementDay {
    /// The line of a date.
    fileprivate var row: String {
        func right(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let api = apiCount.map { Figures.count($0) + (isCountedTogether ? "*" : " ") } ?? "- "
        let time = run.map { (isAskedNow ? "now " : "") + Figures.minute($0.checkedAt) } ?? "-"
        return "\(date)" + right(Figures.count(events), 12) + right(api, 13) + " " + time
            + String(repeating: " ", count: max(1, 21 - time.count)) + words
    }

    /// What is known of it.
    private var words: String {
        switch state {
        case .before: "before the archive's start"
        case .unseen: "not seen yet"
        case .pending: "to be fetched"
        case .open: "open: events may still arrive"
        case .differing: "differs from the API"
        case .unexplained: "the API counts more than it shows"
        case .pruned: "removed by prune, on record"
        case .erased: isProven ? "agreed; events erased since, on record" : "events erased, on record; not compared"
        case .closed:
            isProven ? (run?.goneAtVendor == nil ? "agrees" : "agrees but for what is gone there") : "not compared"
        }
    }
}
