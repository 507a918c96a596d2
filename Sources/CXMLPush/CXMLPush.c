#include "CXMLPush.h"

#include <libxml/parser.h>
#include <libxml/SAX2.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct nids_xml_parser {
    xmlParserCtxtPtr context;
    nids_xml_callbacks callbacks;
    int maximum_depth;
    int depth;
    int failure;
    int line;
    char message[160];
};

static void fail(nids_xml_parser *parser, int failure, const char *message) {
    if (parser->failure != NIDS_XML_OK) return;
    parser->failure = failure;
    parser->line = parser->context ? xmlSAX2GetLineNumber(parser->context) : 0;
    strncpy(parser->message, message ? message : "", sizeof parser->message - 1);
    size_t length = strlen(parser->message);
    while (length > 0 && (parser->message[length - 1] == '\n' || parser->message[length - 1] == ' '))
        parser->message[--length] = 0;
    if (parser->context) xmlStopParser(parser->context);
}

static void on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                     const xmlChar **namespace_list, int attributes, int defaulted, const xmlChar **attribute_list) {
    (void)prefix; (void)namespaces; (void)namespace_list; (void)attributes; (void)defaulted; (void)attribute_list;
    nids_xml_parser *parser = user;
    if (parser->failure != NIDS_XML_OK) return;
    if (++parser->depth > parser->maximum_depth) {
        fail(parser, NIDS_XML_TOO_DEEP, "elements nested too deeply");
        return;
    }
    parser->callbacks.start_element(parser->callbacks.context, (const char *)name, (const char *)uri);
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)prefix;
    nids_xml_parser *parser = user;
    if (parser->failure != NIDS_XML_OK) return;
    parser->depth--;
    parser->callbacks.end_element(parser->callbacks.context, (const char *)name, (const char *)uri);
}

static void on_characters(void *user, const xmlChar *bytes, int length) {
    nids_xml_parser *parser = user;
    if (parser->failure != NIDS_XML_OK || length <= 0) return;
    parser->callbacks.characters(parser->callbacks.context, (const char *)bytes, (size_t)length);
}

static void on_document_type(void *user, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    (void)name; (void)external; (void)system;
    fail(user, NIDS_XML_FORBIDDEN, "document type declarations are refused");
}

static xmlEntityPtr on_entity(void *user, const xmlChar *name) {
    (void)user;
    /* Only the five of XML itself; anything else stays undeclared, which is an error. */
    return xmlGetPredefinedEntity(name);
}

static void on_error(void *user, xmlErrorPtr error) {
    nids_xml_parser *parser = user;
    if (!error || error->level < XML_ERR_ERROR) return;
    if (error->code == XML_NS_ERR_UNDEFINED_NAMESPACE || error->code == XML_ERR_UNDECLARED_ENTITY
        || error->level == XML_ERR_FATAL || error->domain == XML_FROM_PARSER)
        fail(parser, error->code == XML_ERR_NO_MEMORY ? NIDS_XML_NO_MEMORY : NIDS_XML_MALFORMED, error->message);
}

static void discard_structured(void *user, xmlErrorPtr error) { (void)user; (void)error; }

static void discard_generic(void *user, const char *format, ...) { (void)user; (void)format; }

/* What libxml2 cannot tell a document's own handler, such as bytes that are none of its encoding, it would print to
   standard error, where our log is. It keeps these handlers per thread. */
static void be_silent(void) {
    xmlSetStructuredErrorFunc(NULL, discard_structured);
    xmlSetGenericErrorFunc(NULL, discard_generic);
}

nids_xml_parser *nids_xml_parser_create(nids_xml_callbacks callbacks, int maximum_depth) {
    nids_xml_parser *parser = calloc(1, sizeof *parser);
    if (!parser) return NULL;
    parser->callbacks = callbacks;
    parser->maximum_depth = maximum_depth;

    xmlSAXHandler handler;
    memset(&handler, 0, sizeof handler);
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = on_start;
    handler.endElementNs = on_end;
    handler.characters = on_characters;
    handler.cdataBlock = on_characters;
    handler.ignorableWhitespace = on_characters;
    handler.internalSubset = on_document_type;
    handler.externalSubset = on_document_type;
    handler.getEntity = on_entity;
    handler.serror = on_error;

    be_silent();
    parser->context = xmlCreatePushParserCtxt(&handler, parser, NULL, 0, NULL);
    if (!parser->context) {
        free(parser);
        return NULL;
    }
    xmlCtxtUseOptions(parser->context, XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
    /* A server that says charset=utf-8 in the header and nothing in the document means UTF-8: XML's default. */
    return parser;
}

int nids_xml_parser_feed(nids_xml_parser *parser, const char *bytes, size_t length) {
    be_silent();
    while (length > 0 && parser->failure == NIDS_XML_OK) {
        int piece = length > 1 << 20 ? 1 << 20 : (int)length;
        int code = xmlParseChunk(parser->context, bytes, piece, 0);
        if (code != XML_ERR_OK && parser->failure == NIDS_XML_OK)
            fail(parser, NIDS_XML_MALFORMED, "not well-formed XML");
        bytes += piece;
        length -= (size_t)piece;
    }
    return parser->failure;
}

int nids_xml_parser_finish(nids_xml_parser *parser) {
    be_silent();
    if (parser->failure == NIDS_XML_OK) {
        int code = xmlParseChunk(parser->context, NULL, 0, 1);
        if (parser->failure == NIDS_XML_OK && (code != XML_ERR_OK || !parser->context->wellFormed))
            fail(parser, NIDS_XML_MALFORMED, "the document is incomplete");
    }
    return parser->failure;
}

int nids_xml_parser_line(const nids_xml_parser *parser) { return parser->line; }

const char *nids_xml_parser_message(const nids_xml_parser *parser) { return parser->message; }

void nids_xml_parser_free(nids_xml_parser *parser) {
    if (!parser) return;
    if (parser->context) {
        if (parser->context->myDoc) xmlFreeDoc(parser->context->myDoc);
        xmlFreeParserCtxt(parser->context);
    }
    free(parser);
}
