/// A number such as `12` or `1.5`, before its unit is known.
struct DecimalNumber {
    private let whole: Int64
    private let fraction: Substring.UTF8View

    /// Removes the number at the start of `text` and returns it; nil if there is none or it is too large.
    static func take(from text: inout Substring.UTF8View) -> DecimalNumber? {
        let digits = text.prefix { isDigit($0) }
        guard !digits.isEmpty, let whole = Int64(Substring(digits)) else { return nil }
        text = text.dropFirst(digits.count)
        guard text.first == UInt8(ascii: ".") else { return DecimalNumber(whole: whole, fraction: ""[...].utf8) }
        let fraction = text.dropFirst().prefix { isDigit($0) }
        guard !fraction.isEmpty else { return nil }
        text = text.dropFirst(fraction.count + 1)
        return DecimalNumber(whole: whole, fraction: fraction)
    }

    /// The number times `unit`, rounded down; nil if it overflows.
    func scaled(by unit: Int64) -> Int64? {
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
        var remainder = unit
        var sum: Int64 = 0
        // Exact for powers of ten, as the units of time are. For others the error is below one.
        for digit in fraction.prefix(18) {
            let scaled = Int64(digit - UInt8(ascii: "0")) * remainder
            sum += scaled / 10
            remainder /= 10
        }
        let (total, carry) = product.addingReportingOverflow(sum)
        return overflow || carry ? nil : total
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
