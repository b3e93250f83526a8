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
