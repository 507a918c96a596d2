/// The pages that a model takes.
public struct AcceptedInput: Sendable, Hashable {
    /// The types that it reads; JPEG must be among them, for that is what everything else becomes.
    ///
    /// HEIC is drawn anew even when listed here: how it is turned cannot be told without decoding it.
    public var mediaTypes: Set<MediaType>
    /// The longest side of a picture, in pixels, beyond which the model sees no more.
    public var longestSide: Int
    /// The longest side with which a picture still goes as it is: drawing it anew for a few points less costs more than
    /// it saves.
    public var toleratedSide: Int
    /// The largest file that is sent as it is, in bytes.
    public var largestFile: Int

    public init(
        mediaTypes: Set<MediaType> = [.jpeg, .png], longestSide: Int = 3072, toleratedSide: Int? = nil,
        largestFile: Int = 20_000_000
    ) {
        self.mediaTypes = mediaTypes
        self.longestSide = longestSide
        self.toleratedSide = toleratedSide ?? longestSide
        self.largestFile = largestFile
    }
}
