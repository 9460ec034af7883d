using Explaino.ServiceFiles.Storage;
using Explaino.ServiceMedia.Decoding;
using Explaino.ServiceMedia.Pictures;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.ServiceMedia;

/// <summary>What a service that shows pictures gets, after <c>AddFileStorage</c>; its binary also runs <see cref="MediaVerb"/>.</summary>
public static class MediaSetup
{
    public static WebApplicationBuilder AddPictures<TContext>(this WebApplicationBuilder builder) where TContext : DbContext
    {
        builder.Services.AddSingleton(new DecoderSettings(builder.Configuration, builder.Environment)).AddSingleton<Decoders>();
        builder.Services.AddSingleton(services => new PictureIntake(services.GetRequiredService<IFileStore>(), services.GetRequiredService<Decoders>()));
        builder.Services.AddSingleton(services => new PictureSizes<TContext>(
            services.GetRequiredService<IFileStore>(),
            services.GetRequiredService<Decoders>(),
            services.GetRequiredService<NamedFiles<TContext>>(),
            services.GetRequiredService<IServiceScopeFactory>()));
        return builder;
    }
}
