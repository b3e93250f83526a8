import CZlib

/// Owns a `z_stream`, and lends it the caller's memory for the length of one call: every pointer handed to deflate or
/// inflate is made in this file.
///
/// It lies on the heap because zlib's state points back to it: its address must not change.
struct ZlibStream: ~Copyable {
    typealias Call = (UnsafeMutablePointer<z_stream>) -> Int32

    private let stream: UnsafeMutablePointer<z_stream>
    private let end: Call

    /// Allocates the stream and lets `begin` set it up; `end` is called once, when the value's life ends.
    ///
    /// - Throws: the error for what `begin` returned if that was not `Z_OK`; `end` is not called then.
    init(begin: Call, end: @escaping Call) throws(GzipError) {
        let new = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        new.initialize(to: z_stream())
        let code = begin(new)
        guard code == Z_OK else {
            new.deallocate()
            throw .zlib(code, message: nil)
        }
        stream = new
        self.end = end
    }

    deinit {
        // The code can only report that data was left over. The memory is freed either way.
        _ = end(stream)
        stream.deallocate()
    }

    /// Makes a call that moves no data.
    func call(_ call: Call) throws(GzipError) {
        try check(call(stream))
    }

    /// Gives the deflate stream the bytes that the next input may refer back to.
    func setDictionary(_ dictionary: RawSpan) throws(GzipError) {
        try check(
            dictionary.withUnsafeBytes { bytes in
                deflateSetDictionary(stream, bytes.bindMemory(to: UInt8.self).baseAddress, UInt32(bytes.count))
            })
    }

    /// Makes one call of deflate or inflate over the start of `input`, appending at most `room` bytes to `output`.
    ///
    /// The call's return code is for the caller to judge; `error(for:)` turns a bad one into an error.
    func step(_ input: RawSpan, room: Int, to output: inout [UInt8], _ call: Call) -> ZlibStep {
        var step = ZlibStep()
        output.append(addingCapacity: room) { span in
            input.withUnsafeBytes { source in
                span.withUnsafeMutableBufferPointer { target, initializedCount in
                    step = self.step(source, target, call)
                    initializedCount = step.produced
                }
            }
        }
        return step
    }

    /// The error for a bad return code, in zlib's words.
    func error(for code: Int32) -> GzipError {
        .zlib(code, message: stream.pointee.msg.map { String(cString: $0) })
    }

    private func check(_ code: Int32) throws(GzipError) {
        guard code == Z_OK else { throw error(for: code) }
    }

    private func step(
        _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableBufferPointer<UInt8>, _ call: Call
    ) -> ZlibStep {
        let available = UInt32(clamping: source.count)
        let room = UInt32(clamping: target.count)
        // zlib declares its input mutable for old compilers. It does not write to it.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: source.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = available
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = room
        let code = call(stream)
        let step = ZlibStep(
            code: code, consumed: Int(available - stream.pointee.avail_in),
            produced: Int(room - stream.pointee.avail_out), isOutputFull: stream.pointee.avail_out == 0,
            isBetweenBlocks: stream.pointee.data_type & 128 != 0)
        stream.pointee.next_in = nil
        stream.pointee.next_out = nil
        return step
    }
}

/// What one call of deflate or inflate did.
struct ZlibStep {
    var code = Z_OK
    var consumed = 0
    var produced = 0
    /// The room given was used up, so there may be more to come.
    var isOutputFull = false
    /// Of inflate alone: it stopped where a block of deflated data ends or the header does.
    var isBetweenBlocks = false
}

extension [UInt8] {
    /// Copies `bytes` to the end.
    mutating func append(copying bytes: RawSpan) {
        bytes.withUnsafeBytes { append(contentsOf: $0) }
    }
}

/// The zlib that this program runs with.
package enum Zlib {
    /// Its version, such as `1.2.13`.
    package static var version: String { String(cString: zlibVersion()) }
}
