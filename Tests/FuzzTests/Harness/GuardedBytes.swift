import Glibc

/// Hands over a copy of `bytes` that ends where readable memory ends: whoever reads one byte past it crashes, C code and
/// unchecked loads included.
func withGuardedBytes<Result>(_ bytes: [UInt8], _ body: (RawSpan) -> Result) -> Result {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let room = (bytes.count + page - 1) / page * page
    let map = mmap(nil, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let map, map != MAP_FAILED, mprotect(map + room, page, PROT_NONE) == 0 else {
        preconditionFailure("no memory for a guarded copy: errno \(errno)")
    }
    defer { munmap(map, room + page) }
    let start = map + (room - bytes.count)
    bytes.withUnsafeBytes { start.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(start), byteCount: $0.count) }
    return body(UnsafeRawBufferPointer(start: start, count: bytes.count).bytes)
}
