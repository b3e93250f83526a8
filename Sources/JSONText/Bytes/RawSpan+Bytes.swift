// The module's only use of `unsafe…` calls. Every load below is either the bounds-checked variant or comes right after
// its own check, and reads a plain integer, of which any bit pattern is a value; so none can read outside the span or
// make an invalid value.

extension RawSpan {
    /// The byte at `offset`, or 0 outside the span: NUL is valid nowhere in JSON text, so it stands for "nothing fits".
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        // One comparison for both ends: a negative offset is a huge unsigned one.
        guard UInt(bitPattern: offset) < UInt(bitPattern: byteCount) else { return 0 }
        return unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Eight bytes from `offset` on, the first one lowest. Traps unless all eight lie inside the span.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Whether `count` bytes, 1 or more, are at `offset` as they are at `earlier`. False near the end of the span, where
    /// no eight bytes can be read at once.
    @inline(__always)
    func repeats(at offset: Int, _ count: Int, from earlier: Int) -> Bool {
        guard count > 0, byteCount - offset >= max(count, 8) else { return false }
        if count < 8 { return (word(at: offset) ^ word(at: earlier)) << (64 - 8 * UInt64(count)) == 0 }
        var position = 0
        while count - position > 8 {
            if word(at: offset + position) != word(at: earlier + position) { return false }
            position += 8
        }
        return word(at: offset + count - 8) == word(at: earlier + count - 8)
    }

    /// Whether the bytes of `range` are those of `other`. Traps if `range` is not inside the span.
    @inline(__always)
    func holds(_ other: RawSpan, in range: Range<Int>) -> Bool {
        guard range.count == other.byteCount else { return false }
        var offset = 0
        while other.byteCount - offset >= 8 {
            if word(at: range.lowerBound + offset) != other.word(at: offset) { return false }
            offset += 8
        }
        while offset < other.byteCount {
            if byte(at: range.lowerBound + offset) != other.byte(at: offset) { return false }
            offset += 1
        }
        return true
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
