/// Rows that a list holds twice, as a join in the API's query would make them.
package struct DoubledRows: Equatable, Sendable {
    /// Of the events there are at the start, so many; of those that arrive, the same share.
    package var count: Int
    /// Whether the second one stands half a list behind the first, rather than next to it.
    package var areFarApart: Bool
    /// Whether `total_count` counts both.
    package var areCounted: Bool

    /// Doubles `count` rows.
    package init(count: Int, areFarApart: Bool = false, areCounted: Bool = true) {
        self.count = count
        self.areFarApart = areFarApart
        self.areCounted = areCounted
    }

    /// Whether event number `number` is one of them; `population`: events at the start.
    func holds(_ number: Int32, population: Int, seed: UInt64) -> Bool {
        let population = max(1, population)
        let place = Int(number) + Int(seed % UInt64(population))
        // Spread evenly: of any `population` numbers in a row, `count`.
        return (place + 1) * count / population > place * count / population
    }

    /// The list with the second rows in it.
    func applied(to list: [Int32], population: Int, seed: UInt64) -> [Int32] {
        let distance = areFarApart ? max(1, list.count / 2) : 1
        var behind: [Int: [Int32]] = [:]
        for (index, number) in list.enumerated() where holds(number, population: population, seed: seed) {
            let place = areFarApart ? (index + distance) % list.count : index
            behind[place, default: []].append(number)
        }
        return list.enumerated().flatMap { [$1] + (behind[$0] ?? []) }
    }
}

extension DoubledRows: LosslessStringConvertible {
    /// Reads `K`, and after it `:far` and `:uncounted` where they hold, such as `3:far:uncounted`.
    package init?(_ text: String) {
        var words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let count = words.first.flatMap({ Int($0) }) else { return nil }
        words.removeFirst()
        guard Set(words).count == words.count, words.allSatisfy(["far", "uncounted"].contains) else { return nil }
        self.init(count: count, areFarApart: words.contains("far"), areCounted: !words.contains("uncounted"))
    }

    /// As it is read.
    package var description: String {
        "\(count)\(areFarApart ? ":far" : "")\(areCounted ? "" : ":uncounted")"
    }
}

/// Puts the members of a JSON object in another order.
enum MemberShuffle {
    /// Appends `object`, which is compact, with its members mixed up; anything else as it is.
    static func append(_ object: [UInt8], using random: inout SeededGenerator, to out: inout [UInt8]) {
        guard object.first == UInt8(ascii: "{"), object.count > 2 else { return out.append(contentsOf: object) }
        let members = members(of: object).shuffled(using: &random)
        out.append(UInt8(ascii: "{"))
        for (index, member) in members.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            out.append(contentsOf: object[member])
        }
        out.append(UInt8(ascii: "}"))
    }

    private static func members(of object: [UInt8]) -> [Range<Int>] {
        var members: [Range<Int>] = []
        var (start, depth, isInString, isEscaped) = (1, 0, false, false)
        for (index, byte) in object.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
                isInString = byte != UInt8(ascii: "\"")
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                case UInt8(ascii: ",") where depth == 1:
                    members.append(start..<index)
                    start = index + 1
                default: break
                }
            }
        }
        members.append(start..<(object.count - 1))
        return members
    }
}
