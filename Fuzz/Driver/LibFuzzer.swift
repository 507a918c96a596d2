import Foundation

/// libFuzzer, where the program was linked with it (https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library).
enum LibFuzzer {
    private typealias Body = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
    private typealias Driver =
        @convention(c) (
            UnsafeMutablePointer<CInt>, UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>, Body
        ) -> CInt

    /// Set once before libFuzzer begins, which calls from one thread.
    nonisolated(unsafe) private static var target = FuzzTarget.repair

    /// Runs the target until libFuzzer ends; `nil` where it is not there.
    static func run(_ target: FuzzTarget, arguments: [String]) -> CInt? {
        guard let symbol = dlsym(nil, "LLVMFuzzerRunDriver") else { return nil }
        self.target = target
        let driver = unsafeBitCast(symbol, to: Driver.self)
        var count = CInt(arguments.count + 1)
        // libFuzzer keeps these as long as the program runs.
        var list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 2)
        for (index, argument) in (["nids-fuzz"] + arguments).enumerated() { list[index] = strdup(argument) }
        list[arguments.count + 1] = nil
        return driver(&count, &list) { bytes, count in
            LibFuzzer.target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
            return 0
        }
    }
}
