import AuditArchive
import CivilTime

/// What comparing days found, day by day, for the manifest.
struct DayChecks {
    /// What comparing one day found.
    struct Check {
        /// Events that the API listed.
        var api: Int
        /// Events that the archive has once what was fetched is committed.
        var archived: Int
        /// Events that one of the two has and the other has not, where they were left apart.
        var left = 0
        /// Events that are gone at the vendor, which a person accepted.
        var accepted = 0
        /// How much more the API counts than it lists.
        var unexplained = 0

        /// How many more events the API has, where they were left apart; how many are apart, where that makes up for itself.
        var difference: Int? {
            guard left > 0 else { return nil }
            let more = api - archived + accepted
            return more == 0 ? left : more
        }
    }

    private let manifest: Manifest
    private var checks: [CalendarDay: Check] = [:]
    /// By day, what earlier comparisons say of events whose absence at the vendor was accepted.
    private let acceptances: [CalendarDay: CheckedRun]
    private let records: [CalendarDay: Int]

    /// No day is compared yet with what `manifest` says.
    init(_ manifest: Manifest) {
        self.manifest = manifest
        let runs = manifest.checked.filter { $0.goneAtVendor != nil }
        acceptances = Dictionary(runs.map { ($0.from, $0) }) { first, _ in first }
        records = manifest.recordCounts
    }

    /// Events of a day whose absence at the vendor was accepted by earlier comparisons, and which may still be archived.
    /// `unlisted`: the erased events of the day that the API lists no more. Those that were erased since may be the accepted ones,
    /// and excuse no others.
    func acceptedBefore(_ day: CalendarDay, unlisted: Int) -> Int {
        guard let run = acceptances[day], let accepted = run.goneAtVendor else { return 0 }
        let erasedSince = max(0, run.archiveCount - (records[day] ?? 0))
        return max(0, accepted - min(erasedSince, max(0, unlisted)))
    }

    /// What comparing a day by its ids found.
    mutating func record(_ check: Check, of day: CalendarDay) { checks[day] = check }

    /// Days whose sum the API confirmed have, each, what the archive has.
    mutating func recordAgreed(_ run: ClosedRange<CalendarDay>) {
        let records = manifest.recordCounts
        for day in run.days where checks[day] == nil {
            let archived = records[day] ?? 0
            checks[day] = Check(api: archived, archived: archived)
        }
    }

    /// The manifest's entries of one comparison at `time`; neighbours that are equal in all but the counts are one.
    func entries(at time: Timestamp) -> [CheckedRun] {
        checks.sorted { $0.key < $1.key }.map { day, check in
            CheckedRun(
                from: day, to: day, checkedAt: time, apiCount: check.api, archiveCount: check.archived,
                difference: check.difference,
                goneAtVendor: check.accepted > 0 ? check.accepted : nil,
                unexplained: check.unexplained > 0 ? check.unexplained : nil)
        }
    }
}
