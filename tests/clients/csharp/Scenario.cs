// What an app does with the client that NSwag makes of the documents as clients/csharp has it: no cast, no object. Run by Security.Tests.
using System.Globalization;
using System.Net;
using System.Text;
using Explaino.Client;

const string Password = "correct horse battery";
var address = new Uri(args[0]);
var name = $"cs{Guid.CreateVersion7().ToString("n")[^8..]}";

var (adaId, ada) = await RegisterAsync($"{name}.a");
var (bobId, bob) = await RegisterAsync($"{name}.b");

// Register, token, and a refusal with its code.
var me = await ada.GetMeAsync();
Check(me is { First_name: "Ada", Bio: null, Roles.Count: 0 }, "the user");
var refused = await RefusalAsync(() => ada.RegisterAsync(new RegisterRequest { Email = "nobody", Username = $"{name}.c", Password = Password }));
Check(refused.Code == "validation_failed" && refused.Errors!["email"].Count == 1, "the refusal");

// A profile.
var profile = await ada.UpdateProfileAsync(new MergePatchOfProfileRequest { Headline = "Explains looms" });
Check(profile.Headline == "Explains looms", "the profile");
profile = await ada.UpdateProfileAsync(new MergePatchOfProfileRequest { About = "At length" });
Check(profile is { Headline: "Explains looms", About: "At length" }, "what a patch leaves");
await ada.ReplaceSkillsAsync(new WholeListOfNamedItemRequest { Items = [new SentItemOfNamedItemRequest { Name = "Weaving" }] });
Check((await ada.GetProfileAsync(adaId)).Skills.Single().Name == "Weaving", "the skills");

// A file up, and its bytes down.
var bytes = Encoding.ASCII.GetBytes("%PDF-1.7\n%%EOF\n");
var resume = await ada.UploadResumeAsync(file: new FileParameter(new MemoryStream(bytes), "ada.pdf", "application/pdf"));
Check(resume.File_name == "ada.pdf", "the file's name");
using (var file = await ada.DownloadResumeAsync(adaId))
{
    using var read = new MemoryStream();
    await file.Stream.CopyToAsync(read);
    Check(read.ToArray().SequenceEqual(bytes), "the file");
}

// A picture up, and a smaller one down.
var picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==");
var avatar = (await ada.SetImageAsync(file: new FileParameter(new MemoryStream(picture), "ada.png", "image/png"))).Profile_image!;
using (var small = await ada.ShowUserImageAsync(adaId, Guid.Parse(avatar.Split('/')[^1]), 64))
{
    Check(small.Headers["Content-Type"].Single() == "image/png", "the avatar");
}

// Jobs, posted and filtered.
var job = await ada.PostJobAsync(
    new JobRequest { Title = "Explain looms", Description = "To a beginner.", Employment_type = EmploymentType.Part_time, Tags = ["looms", name] }, Guid.CreateVersion7());
var jobs = await ada.ListJobsAsync(tag: name, employment_type: EmploymentType.Part_time, open: true, sort: JobOrder.Newest, limit: 5);
Check(jobs is { Next_cursor: null, Items.Count: 1 } && jobs.Items.Single() is { Employment_type: EmploymentType.Part_time, Workplace: null, Tags.Count: 2 } found && found.Id == job.Id, "the jobs");

// A chat.
var chat = await SoonAsync(() => ada.StartChatAsync(new StartChatRequest { User_id = bobId }));
var said = await ada.SendMessageToChatAsync(chat.Id, new SendMessageRequest { Content = "Hello" });
var heard = await bob.GetHistoryOfChatAsync(chat.Id);
Check(heard.Items.Single() is { Content: "Hello", Seq: 1, Group_id: null } message && message.Id == said.Id, "the message");

// A file, up and sent without words, and down.
var attachment = await ada.UploadAttachmentAsync(file: new FileParameter(new MemoryStream(picture), "ada.png", "image/png"));
var carrying = await ada.SendMessageToChatAsync(chat.Id, new SendMessageRequest { Attachment_ids = [attachment.Id] });
Check(carrying.Attachments.Single() is { Kind: AttachmentKind.Image, Width: 1 } carried && carried.Id == attachment.Id && carrying.Content == "", "the attachment");
using (var sent = await bob.DownloadAttachmentAsync(attachment.Id))
{
    Check(sent.Headers["Content-Type"].Single() == "image/png", "the attachment's bytes");
}

// Points, moved.
var admin = await SignInAsync("admin@explaino.local", "Admin-Passw0rd!");
await SoonAsync(() => admin.AwardAsync(adaId, Guid.CreateVersion7(), new AdjustmentRequest { Amount = 10, Reason = "Welcome" }));
var transfer = await SoonAsync(() => ada.TransferAsync(Guid.CreateVersion7(), new TransferRequest { To_user_id = bobId, Amount = 3 }));
Check(transfer is { Kind: EntryKind.Transfer_out, Amount: -3, Balance_after: 7 }, "the transfer");

// And gone.
await ada.DeleteMeByPostAsync(new DeleteUserRequest { Password = Password });
Check((await RefusalAsync(() => ada.GetMeAsync())).Status == (int)HttpStatusCode.Unauthorized, "the deletion");
Console.WriteLine("used");

async Task<(Guid Id, ExplainoApi Client)> RegisterAsync(string username)
{
    var email = $"{username}@example.org";
    var user = await new ExplainoApi(new HttpClient { BaseAddress = address })
        .RegisterAsync(new RegisterRequest { Email = email, Username = username, Password = Password, First_name = "Ada" });
    return (user.Id, await SignInAsync(email, Password));
}

async Task<ExplainoApi> SignInAsync(string email, string password)
{
    var http = new HttpClient { BaseAddress = address };
    var pair = await new ExplainoApi(http).LogInAsync(new TokenRequest { Email = email, Password = password });
    http.DefaultRequestHeaders.Authorization = new(pair.Token_type, pair.Access_token);
    return new ExplainoApi(http);
}

// What is not there yet is asked for again when the answer says.
static async Task<T> SoonAsync<T>(Func<Task<T>> call)
{
    for (var tries = 0; ; tries++)
    {
        try
        {
            return await call();
        }
        catch (ApiException<Problem> e) when (tries < 10 && e.Headers.TryGetValue("Retry-After", out var seconds))
        {
            await Task.Delay(TimeSpan.FromSeconds(int.Parse(seconds.Single(), CultureInfo.InvariantCulture)));
        }
    }
}

static async Task<Problem> RefusalAsync(Func<Task> call)
{
    try
    {
        await call();
    }
    catch (ApiException<Problem> e)
    {
        return e.Result;
    }

    throw new InvalidOperationException("It is not refused.");
}

static void Check(bool isRight, string what)
{
    if (!isRight)
    {
        throw new InvalidOperationException($"{what} is otherwise.");
    }
}
