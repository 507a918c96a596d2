import HTTP
import Transcriber

/// The engines of the configured models, by label.
struct EngineSet: Sendable {
    /// One model's engine.
    struct Member: Sendable {
        var engine: any Engine
        /// Set where its requests cost money.
        var isPaid: Bool
        /// Set where nobody sends a bill: programs of this machine, and servers that want no key.
        var isLocal: Bool
        /// Set where it reads in programs that this process starts; a server on this machine is not meant.
        var runsHere: Bool
        /// Set where a request asks for no more room than the answers so far have needed.
        var fitsRoom: Bool
        /// Lets requests begin as the provider takes them; models of one account may share it.
        var gate: RequestGate
        /// The price of a million tokens, where it is known.
        var price: ModelCatalogue.Price?
        /// Makes of scans what the engine is to be given; `nil` where it takes them as they are.
        var converter: PageConverter?
        /// Asks the model in batches, where its provider has them.
        var batch: GeminiBatch?
        /// The options for a `GeminiBatchFile`: the same as one by one.
        var batchOptions: GeminiEngine.Options?

        /// - Parameters:
        ///   - isLocal: `nil` for what costs nothing being local.
        ///   - runsHere: `nil` for what is local running here.
        ///   - fitsRoom: `nil` for what is billed asking for no more room than is needed.
        init(
            engine: any Engine, isPaid: Bool, isLocal: Bool? = nil, runsHere: Bool? = nil, fitsRoom: Bool? = nil,
            gate: RequestGate,
            price: ModelCatalogue.Price? = nil, converter: PageConverter? = nil, batch: GeminiBatch? = nil,
            batchOptions: GeminiEngine.Options? = nil
        ) {
            self.engine = engine
            self.isPaid = isPaid
            let isLocal = isLocal ?? !isPaid
            self.isLocal = isLocal
            self.runsHere = runsHere ?? isLocal
            self.fitsRoom = fitsRoom ?? !isLocal
            self.gate = gate
            self.price = price
            self.converter = converter
            self.batch = batch
            self.batchOptions = batchOptions
        }
    }

    private var members: [String: Member] = [:]

    init(_ members: [String: Member]) { self.members = members }

    /// The engines that the settings ask for.
    ///
    /// - Parameter workFolder: the folder for the temporary files of our tools; the system's where it is `nil`.
    /// - Throws: `ConfigurationError` for an unknown label or a missing key.
    init(
        _ settings: Settings.Transcription, http: HTTPClient, workFolder: String? = nil
    ) throws(ConfigurationError) {
        var factory = EngineFactory(settings, http: http, workFolder: workFolder)
        for label in settings.models { members[label] = try factory.member(label) }
    }

    subscript(label: String) -> Member? { members[label] }
}
