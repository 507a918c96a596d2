/// The sheets that deserve a second look, those that do most first.
public struct ReviewList: Sendable, Hashable {
    /// The first of them.
    public var items: [Item]
    /// The number of all of them.
    public var count: Int

    init(items: [Item], count: Int) {
        self.items = items
        self.count = count
    }

    /// One sheet.
    public struct Item: Sendable, Hashable {
        /// The root folder's name in Nextcloud.
        public var root: String
        /// The scan's path below it.
        public var path: String
        /// The label of the model whose reading people see.
        public var model: String
        /// From 1 to 100.
        public var priority: Int
        /// What speaks for it, in French as the checks have it, the gravest first.
        public var reasons: [String]
        /// The result's path below the root, where it is known.
        public var result: String?
    }
}
