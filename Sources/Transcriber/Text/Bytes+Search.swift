extension Collection where Self: RandomAccessCollection, Element == UInt8, Index == Int {
    /// The place where the last of these few bytes begins, `nil` when they are not there.
    func lastStart(of mark: StaticString) -> Int? {
        let mark = Array("\(mark)".utf8)
        guard let first = mark.first, count >= mark.count else { return nil }
        return (startIndex...endIndex - mark.count).last { start in
            self[start] == first && self[start..<start + mark.count].elementsEqual(mark)
        }
    }
}
