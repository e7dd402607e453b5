package dev.berth.server;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request and the means to answer it, once. Used by the thread that serves it; only {@link
 * #onClientGone} is called from elsewhere.
 */
public final class Exchange {
  private static final String JSON = "application/json";

  private final Connection connection;
  private final HttpRequest request;
  private final Outbound outbound;
  private final RequestBody body;
  private final Query query;
  private final String path;
  private final Disconnect disconnect = new Disconnect();
  private final HttpHeaders answerHeaders = new DefaultHttpHeaders();
  private ApiVersion version = ApiVersion.MAXIMUM;
  private String name = "";
  private boolean answered;
  private boolean keepAlive;
  private boolean hijacked;
  private @Nullable ResponseStream stream;

  Exchange(Connection connection, HttpRequest request, Inbound inbound, Outbound outbound) {
    this.connection = connection;
    this.request = request;
    this.outbound = outbound;
    this.body = new RequestBody(inbound, this::goOn);
    String target = request.uri();
    int mark = target.indexOf('?');
    this.path = mark < 0 ? target : target.substring(0, mark);
    this.query = new Query(mark < 0 ? "" : target.substring(mark + 1));
    this.keepAlive = HttpUtil.isKeepAlive(request);
  }

  /** The method, in capitals. */
  public String method() {
    return request.method().name();
  }

  /** The path as it was sent, with its version and not decoded. */
  String rawPath() {
    return path;
  }

  /** What stands after the question mark. */
  public Query query() {
    return query;
  }

  /** The version of the API that the client speaks. */
  public ApiVersion version() {
    return version;
  }

  /** What stands in the route's place for a name; empty where it has none. */
  public String name() {
    return name;
  }

  /** A header of the request; empty when it was not sent. */
  public String header(String header) {
    String value = request.headers().get(header);
    return value == null ? "" : value;
  }

  void routed(ApiVersion to, String named) {
    version = to;
    name = named;
  }

  /** The body as it arrives; the client is held back while it is not read. */
  public InputStream body() {
    return body;
  }

  /** Whether the request has no body at all. */
  public boolean bodyIsEmpty() {
    return !HttpUtil.isTransferEncodingChunked(request)
        && HttpUtil.getContentLength(request, 0L) == 0;
  }

  /** Reads the body as JSON; an empty one is an empty object. */
  public <T> T json(Class<T> type) throws IOException {
    return JsonBody.read(this, type);
  }

  /** Whether the client asks for a raw stream in the way of HTTP's upgrade. */
  public boolean upgradeRequested() {
    return !header("Upgrade").isEmpty();
  }

  /** Adds a header to the answer, which must not have begun. */
  public void answerHeader(String header, String value) {
    answerHeaders.set(header, value);
  }

  /** Answers without a body. */
  public void reply(int status) throws IOException {
    sendWhole(status, new byte[0], null);
  }

  /** Answers with JSON. */
  public void reply(int status, Object value) throws IOException {
    sendWhole(status, Json.line(value), JSON);
  }

  /** Answers with text. */
  public void replyText(int status, String text) throws IOException {
    sendWhole(status, text.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
  }

  /**
   * Answers with a stream: the head leaves with the first flush or with the return of the handler.
   * The stream is ended by the server; a handler that fails leaves it cut off.
   */
  public OutputStream stream(int status, String contentType) throws IOException {
    HttpResponse head = head(status);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    if (request.protocolVersion().isKeepAliveDefault()) {
      HttpUtil.setTransferEncodingChunked(head, true);
    } else {
      keepAlive = false;
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    outbound.send(head);
    ResponseStream opened = new ResponseStream(outbound);
    stream = opened;
    return opened;
  }

  /**
   * Takes the connection over for bytes in both directions.
   *
   * @param contentType what the stream holds; told only to clients that asked for an upgrade
   */
  public RawStream hijack(String contentType) throws IOException {
    return leaveHttp(
        upgradeRequested()
            ? "HTTP/1.1 101 UPGRADED\r\nContent-Type: "
                + contentType
                + "\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n",
        null);
  }

  /**
   * Takes the connection over as a websocket; its messages carry bytes in both directions.
   *
   * @param handshake that the client began
   * @param binary whether what is sent goes in binary messages, else in text
   */
  RawStream hijack(WebSocketHandshake handshake, boolean binary) throws IOException {
    return leaveHttp(handshake.answer(), new WebSocketFrames(binary));
  }

  private RawStream leaveHttp(String head, @Nullable WebSocketFrames frames) throws IOException {
    if (!body.complete()) {
      body.drain(Long.MAX_VALUE);
    }
    begin();
    hijacked = true;
    StringBuilder lines = new StringBuilder(head);
    answerHeaders.forEach(
        entry -> lines.append(entry.getKey()).append(": ").append(entry.getValue()).append("\r\n"));
    byte[] bytes = lines.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    return connection.hijack(bytes, frames);
  }

  /**
   * Runs the action once when the client leaves before it was answered; at once if it has left.
   * Closing the result forgets the action. The action must be quick and may run on any thread.
   */
  public Disconnect.Registration onClientGone(Runnable action) {
    return disconnect.register(action);
  }

  /** Interrupts the calling thread when the client leaves, until the result is closed. */
  public Disconnect.Registration interruptWhenClientGone() {
    return disconnect.register(Thread.currentThread()::interrupt);
  }

  /** Whether the client has closed its sending side. */
  public boolean isClientGone() {
    return disconnect.happened();
  }

  /** Whether an answer has begun. */
  boolean answered() {
    return answered;
  }

  void clientGone() {
    disconnect.happen();
  }

  /** A request that is no proper HTTP. */
  void refuseMalformed() throws IOException {
    keepAlive = false;
    Throwable cause = request.decoderResult().cause();
    boolean tooLong = cause instanceof TooLongHttpHeaderException;
    HttpResponseStatus status =
        tooLong
            ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            : HttpResponseStatus.BAD_REQUEST;
    replyText(status.code(), status.toString());
  }

  /** The answer failed on its way: close instead of pretending that it is whole. */
  void breakOff() {
    keepAlive = false;
    stream = null;
    connection.close();
  }

  /**
   * Ends the answer.
   *
   * @return whether the connection can serve another request
   */
  boolean finish(long maxDrainedBytes) throws IOException {
    try {
      if (hijacked) {
        return false;
      }
      ResponseStream open = stream;
      if (open != null) {
        open.close();
      }
      return drain(maxDrainedBytes) && keepAlive;
    } finally {
      body.release();
    }
  }

  /**
   * Takes what the handler left of the body, also where the connection closes then: a client that
   * sends everything before it reads must still find the answer.
   */
  private boolean drain(long maxDrainedBytes) throws IOException {
    if (body.complete()) {
      return true;
    }
    boolean withheld = HttpUtil.is100ContinueExpected(request) && !body.started() && !bodyIsEmpty();
    return !withheld && body.drain(maxDrainedBytes);
  }

  private void goOn() {
    if (!answered && HttpUtil.is100ContinueExpected(request)) {
      try {
        outbound.send(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
      } catch (IOException clientGone) {
        connection.close();
      }
    }
  }

  private void begin() {
    if (answered) {
      throw new IllegalStateException("the request was answered twice");
    }
    answered = true;
  }

  private HttpResponse head(int status) {
    begin();
    HttpResponse head =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    head.headers().add(answerHeaders);
    return head;
  }

  private void sendWhole(int status, byte[] content, @Nullable String contentType)
      throws IOException {
    begin();
    boolean headOnly = method().equals("HEAD");
    DefaultFullHttpResponse whole =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(content));
    whole.headers().add(answerHeaders);
    if (contentType != null && !whole.headers().contains(HttpHeaderNames.CONTENT_TYPE)) {
      whole.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    }
    if (status != 204 && status != 304) {
      whole.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.length);
    }
    keepAlive &= body.started() || !HttpUtil.is100ContinueExpected(request) || bodyIsEmpty();
    if (!keepAlive) {
      whole.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (!request.protocolVersion().isKeepAliveDefault()) {
      whole.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    outbound.send(whole);
  }
}
