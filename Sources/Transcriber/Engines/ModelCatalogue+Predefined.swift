import Foundation

extension ModelCatalogue {
    /// 1 December 2026.
    private static let december = Date(timeIntervalSince1970: 1_796_083_200)
    /// 1 January 2027.
    private static let january = Date(timeIntervalSince1970: 1_798_761_600)

    /// Gemini 3.8 Flash at its introductory price, and from 2027 on.
    private static let flash = Price(
        input: 0.75, output: 3.75, changes: [Price.Change(from: january, input: 1.50, output: 7.50)])
    /// The models of the fourth generation that think most, at their introductory price until December.
    private static let argon = Price(
        input: 2, output: 10, changes: [Price.Change(from: december, input: 4, output: 20)])

    /// The predefined models, with the ids and prices in US dollars that were listed on 26 November 2026, and the
    /// changes announced then.
    ///
    /// Sources: https://ai.google.dev/gemini-api/docs/pricing and LiteLLM's price list for Gemini 3.8 Flash and 4 Argon;
    /// LiteLLM's tracker alone for 4 Carbon and 4 Hydrogen, so that these two want another look. Gemini 3 Pro
    /// (`gemini-3-pro-preview`) was shut down in March 2026, and Gemini 3 Flash's first preview is replaced: these labels
    /// mean their successors. From 1 December 2026 `gemini-2.5-pro` is served and billed as `gemini-3.8-flash`.
    public static let predefined: [Entry] = [
        Entry(label: "gemini_3_flash", engine: .gemini, providerID: "gemini-3.8-flash", price: flash),
        Entry(
            label: "gemini_3_pro", engine: .gemini, providerID: "gemini-3.1-pro-preview",
            price: Price(input: 2.00, output: 12.00)),
        Entry(label: "gemini_4_argon", engine: .gemini, providerID: "gemini-4-argon", price: argon),
        Entry(label: "gemini_4_carbon", engine: .gemini, providerID: "gemini-4-carbon", price: argon),
        Entry(
            label: "gemini_4_hydrogen", engine: .gemini, providerID: "gemini-4-hydrogen",
            price: Price(input: 1.50, output: 7.50)),
        Entry(
            label: "gemini_2.5_pro", engine: .gemini, providerID: "gemini-2.5-pro",
            price: Price(
                input: 1.25, output: 10.00,
                changes: [
                    Price.Change(from: december, input: 0.75, output: 3.75),
                    Price.Change(from: january, input: 1.50, output: 7.50),
                ])),
        Entry(
            label: "gemini_2.5_flash_lite", engine: .gemini, providerID: "gemini-2.5-flash-lite",
            price: Price(input: 0.10, output: 0.40)),
        Entry(label: "tesseract", engine: .tesseract, providerID: "tesseract"),
    ]
}
