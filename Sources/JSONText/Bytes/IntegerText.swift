extension RawSpan {
    /// The value of the decimal digits in `range`; nil if there are none, anything else is there, or `Int`
    /// cannot hold it.
    package func nonNegativeInteger(in range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        var value = 0
        for offset in range {
            let byte = byte(at: offset)
            guard byte.isDigit else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte - ASCII.zero))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}
