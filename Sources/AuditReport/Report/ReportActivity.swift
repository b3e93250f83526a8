import CivilTime

/// The sections about who did what.
struct ReportActivity {
    let tally: EventTally
    let names: ReportNames
    /// The first moment of the range; nil for the archive's start.
    let from: Timestamp?

    private static let most = 15
    private static let mostPairs = 25
    private static let mostAddresses = 20

    /// Adds all of them.
    func add(to html: inout HTML) {
        addImpersonation(to: &html)
        addPeople(to: &html)
        addNotable(to: &html)
        addAddresses(to: &html)
        addHours(to: &html)
    }

    private func addImpersonation(to html: inout HTML) {
        html.element("h2", "Who acted as whom")
        let pairs = tally.pairs.sorted { one, other in
            if one.value.events != other.value.events { return one.value.events > other.value.events }
            return (one.key.loggedIn, one.key.effective) < (other.key.loggedIn, other.key.effective)
        }
        guard !pairs.isEmpty else {
            html.element("p", "Nobody acted as another user.")
            return
        }
        html.element(
            "p",
            "\(Figures.count(tally.impersonated, "event")) by somebody who was logged in as another user, in "
                + "\(Figures.count(pairs.count, "combination")).")
        let rows = pairs.prefix(Self.mostPairs).map { pair, span in
            [
                names.person(pair.loggedIn), names.person(pair.effective), .number(span.events),
                .time(Figures.minute(span.first)), .time(Figures.minute(span.last))
            ]
        }
        html.table(
            "impersonation", caption: Self.caption("Combinations by events", pairs.count, Self.mostPairs),
            ["Logged in", "Acted as", "Events", "First", "Last"], rows)
    }

    private func addPeople(to html: inout HTML) {
        html.element("h2", "Most active")
        let people = tally.people.ranked.filter { $0.value.events > 0 }
        addRanking("people", "People", people.map { (names.person($0.key), $0.value.events) }, to: &html)
        html.element("div", ["class": "pair"]) { html in
            let types = tally.types.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
            html.element("div") { html in
                addRanking(
                    "types", "Event types", types.map { (.name($0.key.isEmpty ? "(no type)" : $0.key), $0.value) },
                    to: &html)
            }
            html.element("div") { html in
                addRanking(
                    "objects", "Objects", tally.objects.ranked.map { (.name(names.object($0.key)), $0.value.events) },
                    to: &html)
            }
        }
    }

    private func addRanking(_ id: String, _ title: String, _ entries: [(HTMLCell, Int)], to html: inout HTML) {
        let largest = Double(entries.first?.1 ?? 1)
        let rows = entries.prefix(Self.most).map { name, events in
            [name, HTMLCell.number(events), .bar(Double(events) / largest)]
        }
        html.table(
            id, caption: Self.caption("\(title) by events", entries.count, Self.most), [title, "Events", "Share"], rows)
    }

    private func addNotable(to html: inout HTML) {
        html.element("h2", "Deletions, exports and approvals")
        let kinds = EventTally.Notable.allCases
        let total = kinds.map { kind in tally.notable.values.reduce(0) { $0 + $1[kind.rawValue] } }
        let sums = zip(kinds, total).map { "\($0.title): \(Figures.count($1))" }.joined(separator: " · ")
        html.element("p", ["id": "notable-sums"], sums)
        guard !tally.notable.isEmpty else { return }
        let people = tally.notable.sorted { one, other in
            let (left, right) = (one.value.reduce(0, +), other.value.reduce(0, +))
            return left != right ? left > right : one.key < other.key
        }
        let rows = people.prefix(Self.most).map { key, counts in
            [names.person(key)] + counts.map { HTMLCell.number($0) }
        }
        html.table(
            "notable", caption: Self.caption("By person", people.count, Self.most), ["Person"] + kinds.map(\.title),
            rows)
        let latest = tally.notes.map { note in
            [
                HTMLCell.time(Figures.minute(note.time)), .name(note.type), .name(names.object(note.object)),
                names.person(note.person)
            ]
        }
        html.table("notes", caption: "The latest \(latest.count)", ["Time (UTC)", "Type", "Object", "Person"], latest)
    }

    private func addAddresses(to html: inout HTML) {
        html.element("h2", "Addresses seen for the first time")
        let new = tally.addresses.filter { address in from.map { $0 <= address.value.first } ?? true }
            .sorted { one, other in
                one.value.first != other.value.first ? one.value.first > other.value.first : one.key < other.key
            }
        let all = tally.addresses.count { $0.value.events > 0 }
        html.element("p", ["id": "address-sums"]) { html in
            html.text("New in this range: \(Figures.count(new.count)) of \(Figures.count(all)) addresses.")
        }
        let rows = new.prefix(Self.mostAddresses).map { ip, address in
            [
                HTMLCell.time(Figures.minute(address.first)), .name(names.address(ip)),
                names.person(address.person), .number(address.events)
            ]
        }
        html.table(
            "addresses", caption: Self.caption("Newest first", new.count, Self.mostAddresses),
            ["First seen (UTC)", "Address", "First used by", "Events"], rows)
    }

    private static func caption(_ title: String, _ count: Int, _ most: Int) -> String {
        count > most ? "\(title): the first \(most) of \(Figures.count(count))" : title
    }
}

extension ReportActivity {
    private static let pitch = 14
    private static let left = 28
    private static let top = 12

    private func addHours(to html: inout HTML) {
        html.element("h2", "Hours of the week")
        html.element("p", ["class": "soft"], "In UTC. The darker, the more events; in the dark form, the lighter.")
        let most = tally.hours.max() ?? 0
        let view = "0 0 \(Self.left + 24 * Self.pitch) \(Self.top + 7 * Self.pitch)"
        html.element("figure") { html in
            html.element(
                "svg", ["class": "hours", "viewBox": view, "role": "img", "aria-label": "Events by hour of the week"]
            ) { html in
                for hour in stride(from: 0, to: 24, by: 6) {
                    html.element("text", ["x": "\(Self.left + hour * Self.pitch)", "y": "9"], "\(hour):00")
                }
                for (day, name) in Figures.weekdays.enumerated() {
                    html.element("text", ["x": "2", "y": "\(Self.top + day * Self.pitch + 10)"], name)
                    for hour in 0..<24 { addHour(day, hour, most, to: &html) }
                }
            }
        }
        addHourTables(to: &html)
    }

    private func addHour(_ day: Int, _ hour: Int, _ most: Int, to html: inout HTML) {
        let events = tally.hours[day * 24 + hour]
        let level = events == 0 ? "" : "l\(min(4, 1 + events * 4 / (most + 1)))"
        let (x, y) = ("\(Self.left + hour * Self.pitch)", "\(Self.top + day * Self.pitch)")
        html.element("rect", ["x": x, "y": y, "class": level]) { html in
            html.element("title", "\(Figures.weekdays[day]) \(hour):00: \(Figures.count(events))")
        }
    }

    private func addHourTables(to html: inout HTML) {
        html.element("div", ["class": "pair"]) { html in
            let days = (0..<7).map { day in
                [
                    HTMLCell.text(Figures.weekdays[day]),
                    .number(tally.hours[(day * 24)..<(day * 24 + 24)].reduce(0, +))
                ]
            }
            html.element("div") { $0.table("weekdays", caption: "By weekday", ["Weekday", "Events"], days) }
            let hours = (0..<24).map { hour in
                [HTMLCell.text("\(hour):00"), .number((0..<7).reduce(0) { $0 + tally.hours[$1 * 24 + hour] })]
            }
            html.element("div") { $0.table("hours", caption: "By hour of the day", ["Hour (UTC)", "Events"], hours) }
        }
    }
}
