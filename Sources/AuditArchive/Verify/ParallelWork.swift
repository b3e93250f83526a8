/// Does some work for each item, the last one first, at most so many at once, and hands over the results one by one.
func inParallel<Item: Sendable, Result: Sendable>(
    _ items: [Item], atMost parallelism: Int, _ work: @escaping @Sendable (Item) -> Result,
    take: (Item, Result) -> Void
) async {
    var items = items
    await withTaskGroup(of: (Item, Result).self) { group in
        var running = 0
        while !items.isEmpty || running > 0 {
            if running < max(1, parallelism), let item = items.popLast() {
                group.addTask { (item, work(item)) }
                running += 1
            } else if let (item, result) = await group.next() {
                take(item, result)
                running -= 1
            }
        }
    }
}
