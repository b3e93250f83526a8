import AuditArchive
import CivilTime
import JSONText

/// The sentences of a statement about single events, and about what it does not cover.
package struct StatementWords {
    private let statement: Statement

    /// The words of a statement.
    package init(_ statement: Statement) {
        self.statement = statement
    }

    /// The exceptions, a sentence or two each; one that says that there is none where that is so.
    package var exceptions: [String] {
        let all = [late, changed] + gone + quarantined + pruned + erased + held + pending
        let found = all.compactMap(\.self)
        return found.isEmpty ? ["None."] : found
    }

    private var late: String? {
        let late = statement.exceptions.late
        guard late.events > 0 || late.backfilled > 0 || late.unknown > 0 else { return nil }
        var words = [
            "Late: \(Figures.count(late.events, "event")) came later than "
                + "\(Figures.hours(statement.settings.lookback)) after they happened"
        ]
        if late.events > 0 {
            words[0] += ", the latest after \(Figures.hours(late.longest)): \(list(late.ids, late.events))"
        }
        words[0] += "."
        if late.backfilled > 0 {
            words.append(
                "Of \(Figures.count(late.backfilled, "event")) from before the archive was begun it cannot be told.")
        }
        if late.unknown > 0 {
            words.append("Of \(Figures.count(late.unknown, "event")) it is not known when they came.")
        }
        return words.joined(separator: " ")
    }

    private var changed: String? {
        let changed = statement.exceptions.changed
        guard changed.events > 0 || changed.movedIn > 0 else { return nil }
        var words: [String] = []
        if changed.events > 0 {
            words.append(
                "Changed by the vendor after they were archived: \(Figures.count(changed.events, "event")). The first version "
                    + "is in the population, the others are in the archive's quarantine: \(list(changed.ids, changed.events))."
            )
        }
        if changed.moved > 0 {
            words.append("Moved: \(Figures.count(changed.moved)) of them to another time.")
        }
        if changed.movedIn > 0 {
            words.append(
                "Moved by the vendor to a date of the period, and archived under one outside of it: "
                    + "\(Figures.count(changed.movedIn, "event")).")
        }
        return words.joined(separator: " ")
    }

    private var gone: [String?] {
        statement.exceptions.gone.map { gone in
            "Gone at the vendor, and in the population: \(Figures.count(gone.events, "event")) of \(dates(gone.from, gone.to)), "
                + (gone.isAccepted ? "accepted by a person." : "not accepted by anybody yet.")
        }
    }

    private var quarantined: [String?] {
        statement.exceptions.quarantined.map { kept in
            "Quarantined, and not in the population: \(Figures.count(kept.records, "record")) (\(kept.reason))."
        }
    }

    private var pruned: [String?] {
        statement.exceptions.pruned.map { run in
            "Pruned \(Figures.moment(run.prunedAt)): \(dates(run.from, run.to)), \(Figures.count(run.records, "event")) "
                + "(\(run.reason))."
        }
    }

    private var erased: [String?] {
        statement.exceptions.erased.map { erased in
            "Erased \(Figures.moment(erased.at)): \(Figures.count(erased.events, "event")) of \(erased.date) "
                + "(\(erased.reason)). The hash of each is in the evidence."
        }
    }

    private var held: [String?] {
        statement.exceptions.held.map { hold in
            "Held: \(dates(hold.from, hold.to)) cannot be pruned or erased from (\(hold.name): \(hold.reason))."
        }
    }

    private var pending: [String?] {
        statement.exceptions.pending.map { range in
            "Pending: what happened from \(Figures.moment(range.lowerBound)) to \(Figures.moment(range.upperBound)) is still "
                + "to be fetched."
        }
    }

    private func dates(_ from: CalendarDay, _ to: CalendarDay) -> String { from == to ? "\(from)" : "\(from) to \(to)" }

    private func list(_ ids: [String], _ count: Int) -> String {
        let shown = ids.prefix(StatementTally.mostIDs).map { VisibleText.oneLine(String($0.prefix(80))) }
        return shown.joined(separator: ", ")
            + (count > shown.count ? " and \(Figures.count(count - shown.count)) more" : "")
    }

    /// What is not covered, a sentence each.
    package var limits: [String] {
        [
            "What the API never listed, and what came and went there between two syncs.",
            "Whether the vendor's own log is right and whole. This is about what its API shows.",
            "Edits: the first version of an event counts. Others are noted where a sync met them.",
            "Events that the vendor shows only after this was made.",
            "Days that were counted together: one event missing here and another one gone there would make up for each other."
        ] + evidenceLimits
    }

    private var evidenceLimits: [String] {
        let evidence = statement.verification.evidence
        guard let entries = evidence.entries else {
            return ["Changes by whoever may write to the archive: there is no evidence yet."]
        }
        guard let head = statement.evidence?.checkpoint else {
            return [
                "Changes by whoever may write to the archive: no key has signed its evidence. `captivateiq-export evidence "
                    + "sign` does that."
            ]
        }
        let unsigned = entries - head.entries
        let isNew = unsigned > 0
        return
            (isNew
            ? ["What came after the signed head: \(Figures.count(unsigned, "entry", plural: "entries")) of the log."]
            : [])
            + [
                "Changes by whoever holds the signing key, since the newest head that is kept elsewhere."
            ]
    }
}

extension Figures {
    /// `24 h`, `1.5 h`.
    static func hours(_ duration: Duration) -> String {
        let tenths = Int((duration / .seconds(360)).rounded())
        return tenths.isMultiple(of: 10) ? "\(count(tenths / 10)) h" : "\(count(tenths / 10)).\(tenths % 10) h"
    }
}
