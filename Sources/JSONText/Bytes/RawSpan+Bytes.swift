// The module's only use of `unsafe…` calls. Every load below is the bounds-checked variant and reads a plain integer,
// of which any bit pattern is a value, so none can read outside the span or make an invalid value.

extension RawSpan {
    /// The byte at `offset`, or 0 past the end: NUL is valid nowhere in JSON text, so it stands for "nothing fits".
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        guard offset < byteCount else { return 0 }
        return unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Eight bytes from `offset` on, the first one lowest. Traps unless all eight lie inside the span.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Copies the bytes of `range` to the end of `output`. Traps if `range` is not inside the span.
    func append(_ range: Range<Int>, to output: inout [UInt8]) {
        extracting(range).withUnsafeBytes { output.append(contentsOf: $0) }
    }

    /// A copy of the bytes of `range`. Traps if `range` is not inside the span.
    func copy(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBytes { Array($0) }
    }

    /// `range` as a string, each invalid UTF-8 sequence replaced by U+FFFD. Traps if `range` is not inside the span.
    func string(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
