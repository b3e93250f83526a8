import Glibc

// How names and lines of a fixed form are read: bytes compared in place, without strings.

extension RawSpan {
    /// The byte at `offset`, or 0 outside the span.
    func octet(at offset: Int) -> UInt8 {
        offset >= 0 && offset < byteCount ? unsafeLoad(fromByteOffset: offset, as: UInt8.self) : 0
    }

    /// Whether `text` stands at `start`.
    @inline(__always)
    func holds(_ text: StaticString, at start: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard start >= 0, byteCount - start >= length else { return false }
        return withUnsafeBytes { bytes in
            bytes.baseAddress.map { memcmp($0 + start, text.utf8Start, length) == 0 } ?? true
        }
    }

    /// Where the line ends that begins at `start`: at its LF, or at the end of the text.
    func end(ofLineAt start: Int) -> Int {
        withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress else { return bytes.count }
            guard let end = memchr(base + start, 0x0A, bytes.count - start) else { return bytes.count }
            return UnsafeRawPointer(end) - base
        }
    }

    /// Whether the bytes of `range` stand at `start` once more; both must lie inside the span.
    func holdsEqualBytes(_ range: Range<Int>, at start: Int) -> Bool {
        withUnsafeBytes { bytes in
            bytes.baseAddress.map { memcmp($0 + range.lowerBound, $0 + start, range.count) == 0 } ?? true
        }
    }

    /// The number that stands at `start` behind a hyphen, written with `width` digits or, if it needs them, more; and
    /// where it ends.
    func paddedNumber(at start: Int, width: Int) -> (value: Int, end: Int)? {
        guard holds("-", at: start) else { return nil }
        var (value, end) = (0, start + 1)
        while end < byteCount {
            let digit = unsafeLoad(fromByteOffset: end, as: UInt8.self)
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { break }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isTooLargeByNow) = product.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            guard !isTooLarge, !isTooLargeByNow, sum <= Manifest.largestNumber else { return nil }
            value = sum
            end += 1
        }
        let digits = end - start - 1
        let isPadded = digits == width || digits > width && !holds("0", at: start + 1)
        return isPadded ? (value, end) : nil
    }
}
