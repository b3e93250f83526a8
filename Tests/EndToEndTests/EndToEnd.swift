import Testing

/// The real programs over a real socket. One test at a time: each keeps both processors busy by itself.
@Suite(.serialized)
enum EndToEnd {}
