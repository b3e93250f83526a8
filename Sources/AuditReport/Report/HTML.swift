import JSONText

/// HTML in the making. Names of elements and attributes are literals, and every text goes through the one function that
/// escapes, so that no text can become markup.
struct HTML: Sendable {
    typealias Attributes = KeyValuePairs<StaticString, String>

    /// The markup so far.
    private(set) var markup = ""

    /// Nothing.
    init() {}

    /// `text` as it is written between tags and in attributes, which always stand in double quotation marks. What a reader could not see, or what would reorder what is
    /// around it, is shown as an escape.
    static func escaped(_ text: String) -> String {
        let visible = VisibleText.oneLine(text)
        guard visible.utf8.contains(where: { "&<>\"".utf8.contains($0) }) else { return visible }
        var output = ""
        for scalar in visible.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    /// Adds text.
    mutating func text(_ text: String) { markup += Self.escaped(text) }

    /// Adds markup that is written in the program.
    mutating func literal(_ text: StaticString) { markup += "\(text)" }

    /// Adds an element without contents and end tag, such as `meta`.
    mutating func void(_ name: StaticString, _ attributes: Attributes = [:]) { open(name, attributes) }

    /// Adds an element with text in it.
    mutating func element(_ name: StaticString, _ attributes: Attributes, _ text: String) {
        element(name, attributes) { $0.text(text) }
    }

    /// Adds an element without attributes and with text in it.
    mutating func element(_ name: StaticString, _ text: String) { element(name, [:], text) }

    /// Adds an element without attributes and with other elements in it.
    mutating func element(_ name: StaticString, _ body: (inout HTML) -> Void) { element(name, [:], body) }

    /// Adds an element with other elements in it.
    mutating func element(_ name: StaticString, _ attributes: Attributes, _ body: (inout HTML) -> Void) {
        open(name, attributes)
        body(&self)
        markup += "</\(name)>"
    }

    /// Adds the style sheet, which must be one text for its checksum to hold.
    mutating func style(_ sheet: StaticString) { markup += "<style>\(sheet)</style>" }

    private mutating func open(_ name: StaticString, _ attributes: Attributes) {
        markup += "<\(name)"
        for (key, value) in attributes { markup += " \(key)=\"\(Self.escaped(value))\"" }
        markup += ">"
    }
}

/// One cell of a table.
struct HTMLCell: Sendable {
    /// What it shows.
    enum Content: Sendable {
        case text(String)
        /// A time, whose date and clock are kept in one piece each.
        case time(String)
        /// A name from an event: kept apart from the direction of the text around it, and cut where it is long.
        case name(String, detail: String)
        case number(Int)
        /// A part of a whole, 0 to 1, as a bar.
        case bar(Double)
    }

    var content: Content

    static func text(_ text: String) -> HTMLCell { HTMLCell(content: .text(text)) }
    static func time(_ text: String) -> HTMLCell { HTMLCell(content: .time(text)) }
    static func name(_ text: String, _ detail: String = "") -> HTMLCell {
        HTMLCell(content: .name(text, detail: detail))
    }
    static func number(_ number: Int) -> HTMLCell { HTMLCell(content: .number(number)) }
    static func bar(_ share: Double) -> HTMLCell { HTMLCell(content: .bar(share)) }
}

extension HTML {
    /// The most characters of a name.
    private static let longestName = 80

    /// Adds a table. `head` is the titles of its columns.
    mutating func table(_ id: String, caption: String, _ head: [String], _ rows: [[HTMLCell]]) {
        element("table", ["id": id]) { html in
            html.element("caption", caption)
            html.element("thead") { html in
                html.element("tr") { html in
                    for (index, title) in head.enumerated() {
                        let isNumber = rows.first.map { $0[index].isNumber } ?? false
                        html.element("th", isNumber ? ["scope": "col", "class": "n"] : ["scope": "col"], title)
                    }
                }
            }
            html.element("tbody") { html in
                for row in rows {
                    html.element("tr") { html in
                        for cell in row { html.cell(cell) }
                    }
                }
            }
        }
    }

    private mutating func cell(_ cell: HTMLCell) {
        switch cell.content {
        case .text(let text): element("td", text)
        case .number(let number): element("td", ["class": "n"], Figures.count(number))
        case .time(let time):
            element("td") { html in
                for (index, part) in time.split(separator: " ").enumerated() {
                    if index > 0 { html.text(" ") }
                    html.element("time", String(part))
                }
            }
        case .name(let name, let detail):
            element("td") { html in
                html.name(name)
                guard !detail.isEmpty else { return }
                html.element("small") { $0.name(detail) }
            }
        case .bar(let share):
            element("td", ["class": "b"]) { html in
                html.element("svg", ["viewBox": "0 0 100 10", "aria-hidden": "true"]) { html in
                    let width = "\(max(1, Int((share * 100).rounded())))"
                    html.element("rect", ["width": width, "height": "10"], "")
                }
            }
        }
    }

    /// Adds a name from an event.
    mutating func name(_ name: String) {
        let visible = name.allSatisfy(\.isWhitespace) ? "(blank)" : VisibleText.oneLine(name)
        let short = visible.count > Self.longestName ? "\(visible.prefix(Self.longestName))…" : visible
        element("bdi", short == visible ? [:] : ["title": String(visible.prefix(400))], short)
    }
}

extension HTMLCell {
    fileprivate var isNumber: Bool { if case .number = content { true } else { false } }
}
